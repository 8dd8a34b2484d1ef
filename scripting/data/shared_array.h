// A list that is built once and read by the VUs of all workers.
#pragma once

#include <atomic>
#include <cstddef>

#include "scripting/lua.h"

namespace perigee {

// Immutable but for the position of `take`; used by any thread.
class SharedArray {
 public:
  SharedArray() = default;
  virtual ~SharedArray() = default;
  SharedArray(const SharedArray&) = delete;
  SharedArray& operator=(const SharedArray&) = delete;

  virtual size_t size() const = 0;
  // Pushes a copy of the element at `index` (from 0, below size()) that is the caller's own. Throws
  // std::runtime_error if it can't be read any more.
  virtual void push(lua_State* L, size_t index) const = 0;

  // 0, 1, 2, ...: each number once, whichever VU asks.
  size_t take() const { return taken_.fetch_add(1, std::memory_order_relaxed); }

 private:
  mutable std::atomic<size_t> taken_{0};
};

}  // namespace perigee
