#include "scripting/bindings/http_cookies.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "scripting/binding.h"
#include "scripting/bindings/http/worker.h"
#include "scripting/call_guard.h"

namespace perigee {
namespace {

using Jar = std::shared_ptr<http::CookieJar>;

constexpr const char* kType = "perigee.http.cookie_jar";
constexpr std::array<std::string_view, 6> kAttributes{"path",    "domain", "expires",
                                                      "max_age", "secure", "http_only"};

WallTime wall_now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

http::CookieJar& jar_of(lua_State* L) {
  const Jar jar = cookie_jar_at(L, 1);
  if (jar) return *jar;  // the value on the stack holds it, too
  auto& worker = upvalue<HttpWorker>(L);
  return worker.http_of(worker.host().vu_for("a method of the VU's cookie jar")).jar;
}

std::string_view text_argument(lua_State* L, int index, const char* what) {
  if (lua_isstring(L, index) != 0) return view_at(L, index);
  throw std::runtime_error(
      fmt::format("{} must be a string, got a {}", what, luaL_typename(L, index)));
}

// The first byte that would end the text of a cookie in its header.
std::optional<char> breaking_byte(std::string_view text, std::string_view breaking) {
  for (const char c : text) {
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\t';
    if (control || c == 0x7f || breaking.find(c) != std::string_view::npos) return c;
  }
  return std::nullopt;
}

std::string shown(char c) {
  if (c == '\n' || c == '\r') return "a line end";
  const bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  return control ? "a control character" : fmt::format("\"{}\"", c);
}

http::Url url_argument(lua_State* L) {
  std::string error;
  const std::string_view text = text_argument(L, 2, "the URL of a cookie");
  auto url = http::parse_url(text, error);
  if (!url) throw std::runtime_error(fmt::format("the URL \"{}\": {}", text, error));
  return std::move(*url);
}

void read_attribute(lua_State* L, std::string_view name, int index, http::SetCookie& cookie) {
  if (name == "path") {
    cookie.path = text_argument(L, index, "path");
  } else if (name == "domain") {
    cookie.domain = text_argument(L, index, "domain");
  } else if (name == "max_age") {
    if (lua_type(L, index) != LUA_TNUMBER) {
      throw std::runtime_error("max_age must be a number of seconds");
    }
    cookie.max_age = static_cast<int64_t>(lua_tonumber(L, index));
  } else if (name == "expires") {
    cookie.expires = http::parse_cookie_date(text_argument(L, index, "expires"));
    if (!cookie.expires) {
      throw std::runtime_error("expires must be a date like \"Wed, 21 Oct 2015 07:28:00 GMT\"");
    }
  } else if (name == "secure") {
    cookie.secure = lua_toboolean(L, index) != 0;
  } else {
    cookie.http_only = lua_toboolean(L, index) != 0;
  }
}

void read_attributes(lua_State* L, int index, http::SetCookie& cookie) {
  if (lua_isnoneornil(L, index)) return;
  if (!lua_istable(L, index)) throw std::runtime_error("a cookie's attributes must be a table");
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    const std::string_view name = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    if (std::find(kAttributes.begin(), kAttributes.end(), name) == kAttributes.end()) {
      throw std::runtime_error(
          fmt::format("a cookie has no attribute \"{}\"{}", name, did_you_mean(name, kAttributes)));
    }
    read_attribute(L, name, lua_gettop(L), cookie);
  }
}

// jar:set(url, name, value, attributes) -> whether the URL may set it
int set(lua_State* L) {
  http::SetCookie cookie;
  http::CookieJar& jar = jar_of(L);
  const http::Url url = url_argument(L);
  cookie.name = text_argument(L, 3, "the name of a cookie");
  cookie.value = text_argument(L, 4, "the value of a cookie");
  check_cookie(cookie.name, cookie.value);
  read_attributes(L, 5, cookie);
  lua_pushboolean(L, jar.set(url, cookie, wall_now()) ? 1 : 0);
  return 1;
}

// Adds the value on top of the stack to the list of this name in the table at `index`.
void add_to_list(lua_State* L, int index, std::string_view name) {
  push_view(L, name);
  lua_rawget(L, index);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_createtable(L, 1, 0);
    push_view(L, name);
    lua_pushvalue(L, -2);
    lua_rawset(L, index);
  }
  lua_insert(L, -2);
  lua_rawseti(L, -2, static_cast<int>(lua_objlen(L, -2)) + 1);
  lua_pop(L, 1);
}

// jar:cookies_for_url(url) -> names to lists of values
int cookies_for_url(lua_State* L) {
  const http::Url url = url_argument(L);
  const http::CookieJar& jar = jar_of(L);
  lua_newtable(L);
  const int table = lua_gettop(L);
  for (const http::CookieJar::Pair& pair : jar.cookies_for(url, wall_now())) {
    push_view(L, pair.value);
    add_to_list(L, table, pair.name);
  }
  return 1;
}

int clear(lua_State* L) {
  jar_of(L).clear(url_argument(L));
  return 0;
}

int erase(lua_State* L) {
  jar_of(L).erase(url_argument(L), text_argument(L, 3, "the name of a cookie"));
  return 0;
}

int free_jar(lua_State* L) {
  static_cast<Jar*>(lua_touserdata(L, 1))->~Jar();
  return 0;
}

void push_jar(lua_State* L, Jar jar) {
  new (lua_newuserdata(L, sizeof(Jar))) Jar(std::move(jar));
  luaL_getmetatable(L, kType);
  lua_setmetatable(L, -2);
}

void set_text(lua_State* L, const char* name, std::string_view text) {
  push_view(L, text);
  lua_setfield(L, -2, name);
}

void set_number(lua_State* L, const char* name, int64_t number) {
  lua_pushnumber(L, static_cast<double>(number));
  lua_setfield(L, -2, name);
}

void set_truth(lua_State* L, const char* name, bool truth) {
  lua_pushboolean(L, truth ? 1 : 0);
  lua_setfield(L, -2, name);
}

int64_t unix_ms(WallTime at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

}  // namespace

void open_cookie_jars(lua_State* L, HttpWorker& worker) {
  const StackGuard guard(L);
  luaL_newmetatable(L, kType);
  lua_pushcfunction(L, free_jar);
  lua_setfield(L, -2, "__gc");
  set_truth(L, "__metatable", false);
  lua_newtable(L);
  const Function methods[] = {{"set", bound<set>},
                              {"cookies_for_url", bound<cookies_for_url>},
                              {"clear", bound<clear>},
                              {"delete", bound<erase>}};
  set_functions(L, &worker, methods);
  guard_calls(L, "jar:", lua_gettop(L) - 1);
  lua_setfield(L, -2, "__index");
  push_jar(L, nullptr);
  lua_setfield(L, -2, "own");
  lua_pushlightuserdata(L, &worker);
  lua_setfield(L, -2, "worker");
}

void push_own_cookie_jar(lua_State* L) {
  luaL_getmetatable(L, kType);
  lua_getfield(L, -1, "own");
  lua_remove(L, -2);
}

void push_new_cookie_jar(lua_State* L) {
  push_jar(L, std::make_shared<http::CookieJar>());
}

std::shared_ptr<http::CookieJar> cookie_jar_at(lua_State* L, int index) {
  bool ours = false;
  if (lua_isuserdata(L, index) != 0 && lua_getmetatable(L, index) != 0) {
    luaL_getmetatable(L, kType);
    ours = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
  }
  if (ours) return *static_cast<const Jar*>(lua_touserdata(L, index));
  throw std::runtime_error(
      fmt::format("a cookie jar is needed, as http.cookie_jar() and http.new_cookie_jar() return "
                  "one, got a {} (methods are called with a colon)",
                  luaL_typename(L, index)));
}

void check_cookie(std::string_view name, std::string_view value) {
  if (name.empty()) throw std::runtime_error("a cookie needs a name");
  if (const auto c = breaking_byte(name, "=;, \t")) {
    throw std::runtime_error(
        fmt::format("the name of the cookie \"{}\" must not contain {}", name, shown(*c)));
  }
  if (const auto c = breaking_byte(value, ";")) {
    throw std::runtime_error(fmt::format(
        "the value of the cookie \"{}\" must not contain {}: encode it, for example with "
        "url.encode of perigee.url",
        name, shown(*c)));
  }
}

http::CookieJar& vu_cookie_jar(lua_State* L, LuaVu& vu) {
  const StackGuard guard(L);
  luaL_getmetatable(L, kType);
  lua_getfield(L, -1, "worker");
  return static_cast<HttpWorker*>(lua_touserdata(L, -1))->http_of(vu).jar;
}

void push_set_cookies(lua_State* L, std::string_view fields) {
  lua_newtable(L);
  const int table = lua_gettop(L);
  for (const http::SetCookie& cookie : http::read_set_cookies(fields)) {
    lua_createtable(L, 0, 8);
    set_text(L, "name", cookie.name);
    set_text(L, "value", cookie.value);
    set_text(L, "domain", cookie.domain);
    set_text(L, "path", cookie.path);
    set_truth(L, "http_only", cookie.http_only);
    set_truth(L, "secure", cookie.secure);
    set_number(L, "max_age", cookie.max_age.value_or(0));
    set_number(L, "expires", cookie.expires ? unix_ms(*cookie.expires) : 0);
    add_to_list(L, table, cookie.name);
  }
}

}  // namespace perigee
