// The small blocks of memory that nghttp2 takes for each stream and frame, and gives back soon.
#pragma once

#include <array>
#include <cstddef>

namespace perigee::http2 {

// Keeps some of what is given back for the next who wants as much: a stream takes about ten blocks,
// and the system's allocator keeps few of a size at hand. Of one thread.
class BlockPool {
 public:
  BlockPool() = default;
  ~BlockPool();
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  // As malloc, calloc and free; what one of them or realloc has allocated may be released here.
  void* allocate(size_t size);
  void* allocate_zeros(size_t count, size_t size);
  void release(void* memory);

  // Bytes of the blocks that are kept, at most `kMaxKept`.
  size_t kept() const { return kept_; }
  static constexpr size_t kMaxKept = 256 * 1024;
  // Larger blocks are not kept.
  static constexpr size_t kMaxBlock = 504;

 private:
  // Lies in the block that is kept.
  struct Kept {
    Kept* next;
  };
  // Sizes as the system's allocator rounds them.
  static constexpr size_t kSmallest = 24, kStep = 16;
  static constexpr size_t kSizes = (kMaxBlock - kSmallest) / kStep + 1;
  static constexpr size_t size_of(size_t place) { return kSmallest + place * kStep; }

  std::array<Kept*, kSizes> lists_{};
  size_t kept_ = 0;
};

}  // namespace perigee::http2
