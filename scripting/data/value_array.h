// A shared array of Lua values that a function has made, kept as copies outside of the Lua heaps.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "scripting/data/shared_array.h"

namespace perigee {

class ValueArray final : public SharedArray {
 public:
  // Adds an element, as `copy_value` made it. Before anybody else has the array.
  void add(const std::string& copy);

  size_t size() const override { return begins_.size() - 1; }
  void push(lua_State* L, size_t index) const override;

 private:
  std::string copies_;
  std::vector<size_t> begins_{0};  // of each element, then of one more
};

// The list at `index`. Throws std::runtime_error for what is no list, and for elements that can't
// be copied, with their place.
std::unique_ptr<SharedArray> copy_lua_list(lua_State* L, int index);

}  // namespace perigee
