#include "engine/http/http2/block_pool.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

#include <malloc.h>

namespace perigee::http2 {

BlockPool::~BlockPool() {
  for (Kept* list : lists_) {
    while (list != nullptr) {
      Kept* const next = list->next;
      std::free(list);
      list = next;
    }
  }
}

void* BlockPool::allocate(size_t size) {
  if (size > kMaxBlock) return std::malloc(size);
  const size_t place = (std::max(size, kSmallest) - kSmallest + kStep - 1) / kStep;
  Kept* const block = lists_[place];
  if (block == nullptr) return std::malloc(size_of(place));
  lists_[place] = block->next;
  kept_ -= size_of(place);
  return block;
}

void* BlockPool::allocate_zeros(size_t count, size_t size) {
  if (size != 0 && count > std::numeric_limits<size_t>::max() / size) return nullptr;
  void* const memory = allocate(count * size);
  return memory == nullptr ? nullptr : std::memset(memory, 0, count * size);
}

// The block has at least the size of its list.
void BlockPool::release(void* memory) {
  if (memory == nullptr) return;
  const size_t size = malloc_usable_size(memory);
  if (size < kSmallest || size >= kMaxBlock + kStep || kept_ >= kMaxKept - kMaxBlock) {
    return std::free(memory);
  }
  const size_t place = (size - kSmallest) / kStep;
  lists_[place] = ::new (memory) Kept{lists_[place]};
  kept_ += size_of(place);
}

}  // namespace perigee::http2
