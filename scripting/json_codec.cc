#include "scripting/json_codec.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/json_parse.h"
#include "engine/base/json_text.h"
#include "engine/base/shown_number.h"
#include "scripting/json_builder.h"
#include "scripting/lua_state.h"
#include "scripting/plain_json.h"
#include "scripting/values/wide_integer.h"

namespace perigee {
namespace {

constexpr const char* kArrayMark = "perigee.json.array";

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error("cannot be encoded as JSON: " + what);
}

// How an encoder deals with what JSON does not know.
struct Manner {
  bool shows_any_number;  // NaN, inf
  JsonRepairs* repairs;
};

class Encoder {
 public:
  Encoder(lua_State* L, std::string& out, Manner manner) : L_(L), out_(out), manner_(manner) {}

  void value(int index, int depth) {
    switch (lua_type(L_, index)) {
      case LUA_TNIL:
        out_ += "null";
        return;
      case LUA_TBOOLEAN:
        out_ += lua_toboolean(L_, index) != 0 ? "true" : "false";
        return;
      case LUA_TNUMBER:
        return number(lua_tonumber(L_, index));
      case LUA_TSTRING:
        append_json_string(out_, view_at(L_, index), manner_.repairs);
        return;
      case LUA_TTABLE:
        table(index, depth);
        return;
      default:
        return other(index);
    }
  }

 private:
  void other(int index) {
    if (const auto integer = wide_integer_at(L_, index)) {
      out_ += integer->text();
    } else if (is_json_null(L_, index)) {
      out_ += "null";
    } else {
      refuse(fmt::format("a {}", luaL_typename(L_, index)));
    }
  }

  void number(double number) {
    if (std::isfinite(number)) return append_json_number(out_, number);
    if (!manner_.shows_any_number) {
      refuse(fmt::format("the number {}", shown_number(number)));
    }
    out_ += shown_number(number);
  }

  void table(int index, int depth) {
    if (depth == kDeepestJson) refuse("tables are nested too deeply, or contain themselves");
    luaL_checkstack(L_, 4, "JSON");
    const size_t length = lua_objlen(L_, index);
    if (length > 0 || is_json_array(L_, index)) {
      array(index, length, depth);
    } else {
      object(index, depth);
    }
  }

  void array(int index, size_t length, int depth) {
    size_t keys = 0;
    for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1))
      ++keys;
    if (keys != length) refuse("a table with both a list part and named keys (or with holes)");
    out_ += '[';
    for (size_t i = 1; i <= length; ++i) {
      if (i > 1) out_ += ',';
      lua_rawgeti(L_, index, static_cast<int>(i));
      value(lua_gettop(L_), depth + 1);
      lua_pop(L_, 1);
    }
    out_ += ']';
  }

  void object(int index, int depth) {
    std::vector<std::string_view> keys;
    for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
      if (lua_type(L_, -2) != LUA_TSTRING) {
        refuse(fmt::format("a table key that is a {}", luaL_typename(L_, -2)));
      }
      keys.push_back(view_at(L_, -2));
    }
    std::sort(keys.begin(), keys.end());
    out_ += '{';
    for (size_t i = 0; i < keys.size(); ++i) {
      if (i > 0) out_ += ',';
      append_json_string(out_, keys[i], manner_.repairs);
      out_ += ':';
      push_view(L_, keys[i]);
      lua_rawget(L_, index);
      value(lua_gettop(L_), depth + 1);
      lua_pop(L_, 1);
    }
    out_ += '}';
  }

  lua_State* L_;
  std::string& out_;
  const Manner manner_;
};

// Takes what nlohmann's parser meets.
class SaxBuilder : public JsonBuilder {
 public:
  using JsonBuilder::JsonBuilder;

  bool binary(nlohmann::json::binary_t& /*value*/) { return false; }
  bool parse_error(size_t position, const std::string& /*token*/,
                   const nlohmann::json::exception& error) {
    set_error(error.what());
    byte_ = position;
    return false;
  }
  // Where the parser found the error; nothing if it is none of the parser's.
  std::optional<size_t> byte() const { return byte_; }

 private:
  std::optional<size_t> byte_;
};

template <typename Json>
bool build(const Json& value, JsonBuilder& builder) {
  if (value.is_null()) return builder.null();
  if (value.is_boolean()) return builder.boolean(value.template get<bool>());
  if (value.is_number_unsigned()) return builder.number_unsigned(value.template get<uint64_t>());
  if (value.is_number_integer()) return builder.number_integer(value.template get<int64_t>());
  if (value.is_number()) return builder.number_float(value.template get<double>(), {});
  if (value.is_string()) return builder.string(value.template get_ref<const std::string&>());
  if (value.is_array()) {
    if (!builder.start_array(value.size())) return false;
    const auto add = [&](const auto& element) { return build(element, builder); };
    return std::all_of(value.begin(), value.end(), add) && builder.end_array();
  }
  if (!builder.start_object(value.size())) return false;
  for (const auto& member : value.items()) {
    if (!builder.key(member.key()) || !build(member.value(), builder)) return false;
  }
  return builder.end_object();
}

template <typename Json>
void push_parsed(lua_State* L, const Json& value, Decoding decoding) {
  const int top = lua_gettop(L);
  JsonBuilder builder(L, decoding);
  if (build(value, builder)) return;
  lua_settop(L, top);
  throw std::runtime_error(builder.error());
}

void encode(lua_State* L, int index, std::string& out, Manner manner) {
  const StackGuard guard(L);
  if (index < 0) index = lua_gettop(L) + index + 1;
  Encoder(L, out, manner).value(index, 0);
}

}  // namespace

void encode_json(lua_State* L, int index, std::string& out, JsonRepairs* repairs) {
  encode(L, index, out, {.shows_any_number = false, .repairs = repairs});
}

void show_json(lua_State* L, int index, std::string& out, JsonRepairs* repairs) {
  encode(L, index, out, {.shows_any_number = true, .repairs = repairs});
}

void decode_json(lua_State* L, std::string_view text, Decoding decoding) {
  if (decode_plain_json(L, text, decoding)) return;
  const int top = lua_gettop(L);
  const JsonSource source(text);
  SaxBuilder builder(L, decoding);
  try {
    const std::string_view parsed = source.text();
    if (nlohmann::json::sax_parse(parsed.begin(), parsed.end(), &builder)) {
      return source.check_end();
    }
    if (builder.byte()) throw source.error(*builder.byte(), builder.error());
    throw JsonError(builder.error());
  } catch (const JsonError& error) {
    lua_settop(L, top);
    throw std::runtime_error(fmt::format("not JSON: {}", error.what()));
  }
}

void push_json(lua_State* L, const nlohmann::ordered_json& value, Decoding decoding) {
  push_parsed(L, value, decoding);
}

void push_json(lua_State* L, const nlohmann::json& value, Decoding decoding) {
  push_parsed(L, value, decoding);
}

void push_json_null(lua_State* L) {
  lua_pushlightuserdata(L, nullptr);
}

bool is_json_null(lua_State* L, int index) {
  return lua_islightuserdata(L, index) && lua_touserdata(L, index) == nullptr;
}

void push_json_array_mark(lua_State* L) {
  luaL_newmetatable(L, kArrayMark);
}

void mark_json_array(lua_State* L) {
  push_json_array_mark(L);
  lua_setmetatable(L, -2);
}

bool is_json_array(lua_State* L, int index) {
  if (lua_getmetatable(L, index) == 0) return false;
  luaL_getmetatable(L, kArrayMark);
  const bool same = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return same;
}

}  // namespace perigee
