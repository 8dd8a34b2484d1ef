#include "engine/http/http2/frame_buffer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "engine/base/check.h"

namespace perigee::http2 {

struct FrameBuffer::Functions {
  static FrameBuffer& self(void* user) { return *static_cast<FrameBuffer*>(user); }

  static void* allocate(size_t size, void* user) { return self(user).blocks_.allocate(size); }

  static void* allocate_zeros(size_t count, size_t size, void* user) {
    return self(user).blocks_.allocate_zeros(count, size);
  }

  // This is how nghttp2 allocates buffers, the first of which it keeps as long as the session.
  static void* reallocate(void* memory, size_t size, void* user) {
    FrameBuffer& buffer = self(user);
    const size_t room = buffer.bytes_.size();
    if (memory == buffer.bytes_.data()) {
      void* const own = std::malloc(size);
      return own == nullptr ? nullptr : std::memcpy(own, memory, std::min(size, room));
    }
    const bool holds_a_frame = size > room / 2 && size <= room;
    if (memory == nullptr && holds_a_frame && std::exchange(buffer.offered_, false)) {
      return buffer.bytes_.data();
    }
    return std::realloc(memory, size);
  }

  static void release(void* memory, void* user) {
    if (memory != self(user).bytes_.data()) self(user).blocks_.release(memory);
  }
};

std::shared_ptr<FrameBuffer> FrameBuffer::shared() {
  thread_local const std::shared_ptr<FrameBuffer> buffer = std::make_shared<FrameBuffer>();
  return buffer;
}

void FrameBuffer::give_back(std::string& out) {
  out.clear();
  // Another connection may have given back one, while this one had not been sent yet.
  if (out.capacity() > kept_.capacity()) kept_.swap(out);
  std::string().swap(out);
}

nghttp2_mem FrameBuffer::Loan::memory() {
  return {.mem_user_data = &buffer_,
          .malloc = Functions::allocate,
          .free = Functions::release,
          .calloc = Functions::allocate_zeros,
          .realloc = Functions::reallocate};
}

FrameBuffer::Use::Use(FrameBuffer& buffer) : buffer_(buffer) {
  PERIGEE_CHECK(!std::exchange(buffer.used_, true));
}

}  // namespace perigee::http2
