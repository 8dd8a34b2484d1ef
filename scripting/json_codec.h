// JSON to Lua values and back.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "engine/base/json_repairs.h"
#include "scripting/lua.h"

namespace perigee {

// Appends the value at `index` as JSON. Keys go in sorted order; a table is an array when its keys
// are 1 to n or when json.array has marked it, an empty one else is {}; json.null is null. Whole
// numbers below 1e21 have all their digits, int64_t and uint64_t always. Throws std::runtime_error
// for what JSON does not know: functions, NaN, mixed keys, cycles. `repairs`, which may be null,
// hears of strings that are not UTF-8.
void encode_json(lua_State* L, int index, std::string& out, JsonRepairs* repairs = nullptr);

// The same for people: a number that is none is NaN, inf or -inf.
void show_json(lua_State* L, int index, std::string& out, JsonRepairs* repairs = nullptr);

// What whole numbers beyond 2^53 become: the closest number, 5LL and 5ULL with all digits, or a
// string of the digits.
enum class Integers { kNumbers, kExact, kText };

struct Decoding {
  Integers integers = Integers::kNumbers;
  bool keeps_nulls = false;  // as json.null also where a null is no element of an array
};

// Pushes the value of a JSON text: null is json.null in an array, which keeps the positions of the
// others, and nil elsewhere, so that an object lacks the key. Arrays are marked as such, half of a
// surrogate pair is U+FFFD. Throws std::runtime_error that shows what is wrong where.
void decode_json(lua_State* L, std::string_view text, Decoding decoding = {});

// The same for a value that is parsed already. Throws std::runtime_error if it is nested too
// deeply.
void push_json(lua_State* L, const nlohmann::ordered_json& value, Decoding decoding = {});
void push_json(lua_State* L, const nlohmann::json& value, Decoding decoding = {});

// Pushes json.null.
void push_json_null(lua_State* L);
bool is_json_null(lua_State* L, int index);
// Pushes the metatable that marks arrays.
void push_json_array_mark(lua_State* L);
// Marks the table on top of the stack as an array.
void mark_json_array(lua_State* L);
// Whether the table at `index`, which counts from the bottom, is marked.
bool is_json_array(lua_State* L, int index);

}  // namespace perigee
