#include "scripting/bindings/json.h"

#include <array>
#include <cmath>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/json_indent.h"
#include "engine/base/json_parse.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/bindings/json_decoding.h"
#include "scripting/bindings/reported_json.h"
#include "scripting/json_codec.h"
#include "scripting/json_path.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 1> kEncodeOptions{"indent"};
constexpr double kWidestIndent = 10;  // as JavaScript's

class JsonInstance final : public Module::Instance {
 public:
  explicit JsonInstance(ScriptHost& host) : host_(host) {}

  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {{"encode", bound<encode>},
                                  {"decode", bound<decode>},
                                  {"find", bound<find>},
                                  {"array", bound<array>}};
    set_functions(L, this, functions);
    push_json_null(L);
    lua_setfield(L, -2, "null");
  }

 private:
  static int encode(lua_State* L) {
    luaL_checkany(L, 1);
    auto& self = upvalue<JsonInstance>(L);
    std::string& out = self.buffer_;
    out.clear();
    encode_reported(L, 1, out, self.host_, "json.encode");
    if (const int width = check_indent(L, 2); width > 0) out = indent_json(out, width);
    push_view(L, out);
    return 1;
  }

  // `{ indent = 2 }`, or 0 where there is no such table.
  static int check_indent(lua_State* L, int index) {
    if (lua_isnoneornil(L, index)) return 0;
    luaL_checktype(L, index, LUA_TTABLE);
    const StackGuard guard(L);
    double indent = 0;
    for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
      const std::string_view key = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "";
      find_word(key, kEncodeOptions, "option of encode");
      indent = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
    }
    if (indent < 0 || indent > kWidestIndent || indent != std::floor(indent)) {
      throw std::runtime_error("json.encode: indent must be a number of blanks, from 0 to 10");
    }
    return static_cast<int>(indent);
  }

  static int decode(lua_State* L) {
    luaL_checktype(L, 1, LUA_TSTRING);
    decode_json(L, view_at(L, 1), check_decoding(L, 2));
    return 1;
  }

  static int find(lua_State* L) {
    luaL_checktype(L, 1, LUA_TSTRING);
    luaL_checktype(L, 2, LUA_TSTRING);
    push_json_path(L, view_at(L, 1), view_at(L, 2));
    // Nothing was found, or the text is no JSON.
    if (lua_isnil(L, -1)) check_text(view_at(L, 1));
    return 1;
  }

  static void check_text(std::string_view text) {
    try {
      check_json(text);
    } catch (const JsonError& error) {
      throw std::runtime_error(fmt::format("json.find: not JSON: {}", error.what()));
    }
  }

  static int array(lua_State* L) {
    if (lua_isnoneornil(L, 1)) {
      lua_settop(L, 0);
      lua_newtable(L);
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    mark_json_array(L);
    return 1;
  }

  ScriptHost& host_;
  std::string buffer_;  // its memory is used again by every call
};

}  // namespace

std::unique_ptr<Module::Instance> JsonModule::open(ScriptHost& host) {
  return std::make_unique<JsonInstance>(host);
}

}  // namespace perigee
