// Reads the JSON that nearly all texts are, several times as fast as one that is known in full.
#pragma once

#include <string_view>

#include "scripting/json_codec.h"
#include "scripting/lua.h"

namespace perigee {

// Pushes the value of a JSON text like decode_json and returns true; or returns false, with nothing
// pushed, for a text that is no JSON or has what simdjson refuses and decode_json reads: a byte
// order mark, halves of surrogate pairs, whole numbers that 64 bits can't hold.
bool decode_plain_json(lua_State* L, std::string_view text, Decoding decoding);

}  // namespace perigee
