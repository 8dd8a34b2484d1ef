// Which branch of a union a Lua value is.
#pragma once

#include <optional>

#include "modules/avro/schema.h"
#include "scripting/lua.h"

namespace perigee::avro {

// The value and its branch. A table whose only key is the name of a branch names it, and holds the
// value, which then lies on top of the stack at `index`.
struct UnionValue {
  size_t branch;
  int index;
};

// Else the first branch that takes the value. Nothing if none does. May push one value.
std::optional<UnionValue> find_branch(lua_State* L, int index, const Type& type);

}  // namespace perigee::avro
