// Arguments of the functions of perigee.sync.
#pragma once

#include <optional>

#include "engine/base/clock.h"
#include "modules/sync/counter.h"
#include "scripting/lua.h"

namespace perigee {

// The duration at `index`; nothing where there is none. Throws std::runtime_error.
std::optional<Duration> timeout_at(lua_State* L, int index);

// The whole number from 1 to `max` at `index`, which is called `name`. Throws std::runtime_error.
size_t count_at(lua_State* L, int index, const char* name, size_t max);

// The table { min = ..., max = ... } at `index`, or none. Throws std::runtime_error.
sync::CounterRange range_at(lua_State* L, int index);

}  // namespace perigee
