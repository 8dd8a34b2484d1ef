#include "scripting/bindings/url_query.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/http/form.h"
#include "scripting/lua_state.h"
#include "scripting/uri.h"

namespace perigee {
namespace {

class QueryWriter {
 public:
  QueryWriter(lua_State* L, const char* what) : L_(L), what_(what) {}

  // A list of pairs.
  void pairs(int index) {
    const auto count = static_cast<int>(lua_objlen(L_, index));
    for (int i = 1; i <= count; ++i) {
      lua_rawgeti(L_, index, i);
      if (!lua_istable(L_, -1)) {
        throw std::runtime_error(fmt::format("{}: a list holds pairs {{ name, value }}", what_));
      }
      lua_rawgeti(L_, -1, 1);
      const std::string name = text(-1, "a name");
      lua_pop(L_, 1);
      lua_rawgeti(L_, -1, 2);
      values(name, lua_gettop(L_));
      lua_pop(L_, 2);
    }
  }

  void table(int index) {
    std::vector<std::string> names;
    for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
      if (lua_type(L_, -2) != LUA_TSTRING) {
        throw std::runtime_error(fmt::format("{}: names must be strings", what_));
      }
      names.emplace_back(view_at(L_, -2));
    }
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      push_view(L_, name);
      lua_rawget(L_, index);
      values(name, lua_gettop(L_));
      lua_pop(L_, 1);
    }
  }

  std::string take() { return std::move(out_); }

 private:
  // One value, or a list of them.
  void values(const std::string& name, int index) {
    if (!lua_istable(L_, index)) return add(name, text(index, name.c_str()));
    const auto count = static_cast<int>(lua_objlen(L_, index));
    for (int i = 1; i <= count; ++i) {
      lua_rawgeti(L_, index, i);
      add(name, text(-1, name.c_str()));
      lua_pop(L_, 1);
    }
  }

  void add(std::string_view name, std::string_view value) {
    if (!out_.empty()) out_ += '&';
    http::append_form_encoded(out_, name);
    out_ += '=';
    http::append_form_encoded(out_, value);
  }

  std::string text(int index, const char* name) {
    if (lua_isboolean(L_, index)) return lua_toboolean(L_, index) != 0 ? "true" : "false";
    if (lua_isstring(L_, index) == 0) {
      throw std::runtime_error(
          fmt::format("{}: {} must be a string, got a {}", what_, name, luaL_typename(L_, index)));
    }
    lua_pushvalue(L_, index);  // the text of a number, without changing the script's table
    std::string result(view_at(L_, -1));
    lua_pop(L_, 1);
    return result;
  }

  lua_State* L_;
  const char* what_;
  std::string out_;
};

std::string decode_form(std::string_view text) {
  std::string spaces(text);
  std::replace(spaces.begin(), spaces.end(), '+', ' ');
  auto decoded = decode_percent(spaces);
  if (!decoded) {
    throw std::runtime_error(fmt::format(
        "url.parse_query: in \"{}\" a % is not followed by two hexadecimal digits", text));
  }
  return *std::move(decoded);
}

}  // namespace

std::string encode_query(lua_State* L, int index, const char* what) {
  const StackGuard guard(L);
  QueryWriter writer(L, what);
  if (lua_objlen(L, index) > 0) {
    writer.pairs(index);
  } else {
    writer.table(index);
  }
  return writer.take();
}

void push_query(lua_State* L, std::string_view query) {
  if (query.starts_with('?')) query.remove_prefix(1);
  lua_newtable(L);
  for (int count = 0; !query.empty();) {
    const std::string_view field = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), field.size() + 1));
    if (field.empty()) continue;
    const size_t equals = std::min(field.find('='), field.size());
    lua_createtable(L, 2, 0);
    push_view(L, decode_form(field.substr(0, equals)));
    lua_rawseti(L, -2, 1);
    push_view(L, decode_form(field.substr(std::min(equals + 1, field.size()))));
    lua_rawseti(L, -2, 2);
    lua_rawseti(L, -2, ++count);
  }
}

}  // namespace perigee
