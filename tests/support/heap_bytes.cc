#include "tests/support/heap_bytes.h"

#include <atomic>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

// Of the sanitizer's allocator; not every compiler brings the header.
extern "C" size_t __sanitizer_get_current_allocated_bytes();

namespace perigee {

size_t heap_bytes() {
  return __sanitizer_get_current_allocated_bytes();
}

}  // namespace perigee

#else

#include <malloc.h>

// The C library's own functions, which those below stand before.
extern "C" {
void* libc_malloc(size_t size) __asm__("__libc_malloc");
void* libc_calloc(size_t count, size_t size) __asm__("__libc_calloc");
void* libc_realloc(void* memory, size_t size) __asm__("__libc_realloc");
void libc_free(void* memory) __asm__("__libc_free");
}

namespace {

std::atomic<size_t> bytes{0};

void* counted(void* memory) {
  if (memory != nullptr) bytes += malloc_usable_size(memory);
  return memory;
}

}  // namespace

extern "C" {

void* malloc(size_t size) {
  return counted(libc_malloc(size));
}

void* calloc(size_t count, size_t size) {
  return counted(libc_calloc(count, size));
}

void* realloc(void* memory, size_t size) {
  const size_t before = memory == nullptr ? 0 : malloc_usable_size(memory);
  void* const moved = libc_realloc(memory, size);
  if (moved != nullptr || size == 0) bytes -= before;
  return counted(moved);
}

void free(void* memory) {
  if (memory != nullptr) bytes -= malloc_usable_size(memory);
  libc_free(memory);
}

}  // extern "C"

namespace perigee {

size_t heap_bytes() {
  return bytes;
}

}  // namespace perigee

#endif
