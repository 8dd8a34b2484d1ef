// One count of one worker: written by its thread only, read from any.
#pragma once

#include <atomic>
#include <cstdint>

namespace perigee {

// Relaxed stores of a single writer cost what plain ones do.
class StatsCounter {
 public:
  void add(uint64_t n) { value_.store(read() + n, std::memory_order_relaxed); }
  uint64_t read() const { return value_.load(std::memory_order_relaxed); }
  void clear() { value_.store(0, std::memory_order_relaxed); }

 private:
  std::atomic<uint64_t> value_{0};
};

}  // namespace perigee
