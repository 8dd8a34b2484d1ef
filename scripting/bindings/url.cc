#include "scripting/bindings/url.h"

#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/bindings/url_query.h"
#include "scripting/uri.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 8> kParts{"scheme", "username", "password", "host",
                                                 "port",   "path",     "query",    "fragment"};

std::string decoded(std::string_view text, const char* what) {
  auto result = decode_percent(text);
  if (!result) {
    throw std::runtime_error(
        fmt::format("{}: in \"{}\" a % is not followed by two hexadecimal digits", what, text));
  }
  return *std::move(result);
}

void set_field(lua_State* L, const char* name, const std::optional<std::string>& value) {
  if (!value) return;
  push_view(L, *value);
  lua_setfield(L, -2, name);
}

void set_credentials(lua_State* L, const std::string& userinfo) {
  const size_t colon = userinfo.find(':');
  set_field(L, "username", decoded(std::string_view(userinfo).substr(0, colon), "url.parse"));
  if (colon != std::string::npos) {
    set_field(L, "password", decoded(std::string_view(userinfo).substr(colon + 1), "url.parse"));
  }
}

void set_port(lua_State* L, const std::string& port) {
  if (port.empty()) return;
  const bool number = port.size() <= 5 && port.find_first_not_of("0123456789") == std::string::npos;
  if (!number || std::stoi(port) > 65535) {
    throw std::runtime_error(fmt::format("url.parse: \"{}\" is no port", port));
  }
  lua_pushnumber(L, std::stoi(port));
  lua_setfield(L, -2, "port");
}

std::string without_brackets(const std::string& host) {
  const bool brackets = host.starts_with('[') && host.ends_with(']');
  return brackets ? host.substr(1, host.size() - 2) : host;
}

int parse(lua_State* L) {
  const Uri uri = split_uri(check_text(L, 1));
  lua_createtable(L, 0, static_cast<int>(kParts.size()));
  set_field(L, "scheme", uri.scheme);
  if (uri.userinfo) set_credentials(L, *uri.userinfo);
  if (uri.host) set_field(L, "host", without_brackets(*uri.host));
  if (uri.port) set_port(L, *uri.port);
  set_field(L, "path", uri.path);
  set_field(L, "query", uri.query);
  set_field(L, "fragment", uri.fragment);
  return 1;
}

// The text of a field of the parts at index 1.
std::optional<std::string> part(lua_State* L, const char* name) {
  const StackGuard guard(L);
  lua_getfield(L, 1, name);
  if (lua_isnil(L, -1)) return std::nullopt;
  if (lua_isstring(L, -1) == 0) {
    throw std::runtime_error(
        fmt::format("url.build: {} must be a string, got a {}", name, luaL_typename(L, -1)));
  }
  return std::string(view_at(L, -1));
}

std::optional<std::string> query_part(lua_State* L) {
  const StackGuard guard(L);
  lua_getfield(L, 1, "query");
  if (lua_istable(L, -1)) return encode_query(L, lua_gettop(L), "url.build: query");
  return part(L, "query");
}

void check_parts(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  for (lua_pushnil(L); lua_next(L, 1) != 0; lua_pop(L, 1)) {
    lua_pushvalue(L, -2);
    const char* name = lua_tostring(L, -1);
    find_word(name == nullptr ? luaL_typename(L, -1) : name, kParts, "part of a URL");
    lua_pop(L, 1);
  }
}

Uri read_parts(lua_State* L) {
  Uri uri;
  uri.scheme = part(L, "scheme");
  uri.host = part(L, "host");
  if (uri.host && uri.host->find(':') != std::string::npos) uri.host = "[" + *uri.host + "]";
  uri.port = part(L, "port");
  if (const auto username = part(L, "username")) uri.userinfo = encode_percent(*username);
  if (const auto password = part(L, "password")) {
    uri.userinfo = uri.userinfo.value_or("") + ":" + encode_percent(*password);
  }
  uri.path = part(L, "path").value_or("");
  uri.query = query_part(L);
  uri.fragment = part(L, "fragment");
  return uri;
}

int build(lua_State* L) {
  check_parts(L);
  Uri uri = read_parts(L);
  if (!uri.host && (uri.port || uri.userinfo)) {
    throw std::runtime_error("url.build: a port, a username or a password needs a host");
  }
  if (uri.host && !uri.path.empty() && !uri.path.starts_with('/')) uri.path.insert(0, 1, '/');
  push_view(L, join_uri(uri));
  return 1;
}

int resolve(lua_State* L) {
  const Uri base = split_uri(check_text(L, 1));
  if (!base.scheme)
    throw std::runtime_error("url.resolve: the base must be a whole URL with a scheme");
  push_view(L, join_uri(resolve_uri(base, split_uri(check_text(L, 2)))));
  return 1;
}

int encode(lua_State* L) {
  push_view(L, encode_percent(check_text(L, 1)));
  return 1;
}

int decode(lua_State* L) {
  push_view(L, decoded(check_text(L, 1), "url.decode"));
  return 1;
}

int build_query(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  push_view(L, encode_query(L, 1, "url.build_query"));
  return 1;
}

int parse_query(lua_State* L) {
  push_query(L, check_text(L, 1));
  return 1;
}

class UrlInstance final : public Module::Instance {
 public:
  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {{"parse", bound<parse>},
                                  {"build", bound<build>},
                                  {"resolve", bound<resolve>},
                                  {"encode", bound<encode>},
                                  {"decode", bound<decode>},
                                  {"build_query", bound<build_query>},
                                  {"parse_query", bound<parse_query>}};
    set_functions(L, this, functions);
  }
};

}  // namespace

std::unique_ptr<Module::Instance> UrlModule::open(ScriptHost&) {
  return std::make_unique<UrlInstance>();
}

}  // namespace perigee
