#include "scripting/bindings/http_client_options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/base/suggest.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

[[noreturn]] void refuse(lua_State* L, int index, std::string_view key, std::string_view expected) {
  throw std::runtime_error(
      fmt::format("http.client: {} must be {}, got a {}", key, expected, luaL_typename(L, index)));
}

std::string text_at(lua_State* L, int index, std::string_view key, std::string_view expected) {
  if (lua_type(L, index) != LUA_TSTRING || lua_objlen(L, index) == 0) {
    refuse(L, index, key, expected);
  }
  return std::string(view_at(L, index));
}

Duration duration_at(lua_State* L, int index, std::string_view key) {
  std::optional<Duration> duration;
  if (lua_type(L, index) == LUA_TNUMBER) {
    duration = Duration(static_cast<int64_t>(lua_tonumber(L, index) * 1e6));
  } else if (lua_type(L, index) == LUA_TSTRING) {
    duration = parse_duration(view_at(L, index));
  }
  if (!duration || *duration <= Duration::zero()) {
    throw std::runtime_error(fmt::format(
        "http.client: {} must be a duration above 0 like \"10s\", or a number of milliseconds",
        key));
  }
  return *duration;
}

void read_shared(lua_State* L, int index, HttpClientOptions& options) {
  options.shared = text_at(L, index, "shared", "the name of a pool of connections");
}

void read_timeout(lua_State* L, int index, HttpClientOptions& options) {
  options.timeout = duration_at(L, index, "timeout");
}

void read_idle_timeout(lua_State* L, int index, HttpClientOptions& options) {
  options.idle_timeout = duration_at(L, index, "idleTimeout");
}

void read_connection_lifetime(lua_State* L, int index, HttpClientOptions& options) {
  options.connection_lifetime = duration_at(L, index, "connectionLifetime");
}

size_t count_at(lua_State* L, int index, std::string_view key) {
  const double count = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : 0;
  if (!(count >= 1 && count <= 1e6) || count != std::floor(count)) {
    throw std::runtime_error(fmt::format("http.client: {} must be a whole number from 1", key));
  }
  return static_cast<size_t>(count);
}

void read_max_connections(lua_State* L, int index, HttpClientOptions& options) {
  options.max_connections = count_at(L, index, "maxConnections");
}

void read_max_connections_per_host(lua_State* L, int index, HttpClientOptions& options) {
  options.max_connections_per_host = count_at(L, index, "maxConnectionsPerHost");
}

void read_log_bodies(lua_State* L, int index, HttpClientOptions& options) {
  if (!lua_isboolean(L, index)) refuse(L, index, "logBodies", "true or false");
  options.logs_bodies = lua_toboolean(L, index) != 0;
}

void read_user_agent(lua_State* L, int index, HttpClientOptions& options) {
  options.user_agent = text_at(L, index, "userAgent", "a string");
}

void read_proxy(lua_State* L, int index, HttpClientOptions& options) {
  if (lua_isboolean(L, index) && lua_toboolean(L, index) == 0) {
    options.proxy.emplace();
    return;
  }
  options.proxy = text_at(L, index, "proxy", "the URL of a proxy, or false for none");
}

void read_headers(lua_State* L, int index, HttpClientOptions& options) {
  if (!lua_istable(L, index)) refuse(L, index, "headers", "a table of strings");
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING) {
      throw std::runtime_error("http.client: headers must be a table of strings by name");
    }
    options.headers.emplace_back(view_at(L, -2), view_at(L, -1));
  }
  std::sort(options.headers.begin(), options.headers.end());
}

void read_version(lua_State* L, int index, HttpClientOptions& options) {
  const std::string version = text_at(L, index, "version", "\"1.1\", \"2\" or \"auto\"");
  if (version == "1.1") {
    options.versions = http::HttpVersions::kHttp1;
  } else if (version == "2") {
    options.versions = http::HttpVersions::kHttp2;
  } else if (version != "auto") {
    throw std::runtime_error(fmt::format(
        "http.client: version must be \"1.1\", \"2\" or \"auto\", got \"{}\"", version));
  }
}

void read_max_concurrent_streams(lua_State* L, int index, HttpClientOptions& options) {
  options.max_concurrent_streams = count_at(L, index, "maxConcurrentStreams");
}

// A table that is compared with those of other VUs, so it stays a text until it is used.
void read_tls(lua_State* L, int index, HttpClientOptions& options) {
  if (!lua_istable(L, index)) {
    refuse(L, index, "tls", "a table like { insecureSkipTLSVerify = true }");
  }
  try {
    encode_json(L, index, options.tls);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("http.client: tls: {}", error.what()));
  }
}

struct Key {
  std::string_view name;
  void (*read)(lua_State* L, int index, HttpClientOptions& options);
};

constexpr Key kKeys[] = {
    {"shared", read_shared},
    {"timeout", read_timeout},
    {"userAgent", read_user_agent},
    {"proxy", read_proxy},
    {"headers", read_headers},
    {"version", read_version},
    {"maxConcurrentStreams", read_max_concurrent_streams},
    {"tls", read_tls},
    {"maxConnections", read_max_connections},
    {"maxConnectionsPerHost", read_max_connections_per_host},
    {"idleTimeout", read_idle_timeout},
    {"connectionLifetime", read_connection_lifetime},
    {"logBodies", read_log_bodies},
};

void read_key(lua_State* L, std::string_view name, int index, HttpClientOptions& options) {
  const auto* found = std::find_if(std::begin(kKeys), std::end(kKeys),
                                   [name](const Key& key) { return key.name == name; });
  if (found != std::end(kKeys)) return found->read(L, index, options);
  std::array<std::string_view, std::size(kKeys)> names;
  std::transform(std::begin(kKeys), std::end(kKeys), names.begin(),
                 [](const Key& key) { return key.name; });
  throw std::runtime_error(
      fmt::format("http.client: there is no setting \"{}\"{}", name, did_you_mean(name, names)));
}

}  // namespace

HttpClientOptions read_client_options(lua_State* L, int index) {
  HttpClientOptions options;
  if (lua_isnoneornil(L, index)) return options;
  if (!lua_istable(L, index)) {
    throw std::runtime_error(fmt::format(
        "http.client: the argument must be a table of settings like {{ timeout = \"10s\" }}, got "
        "a {}",
        luaL_typename(L, index)));
  }
  const int value = lua_gettop(L) + 2;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_settop(L, value - 1)) {
    const std::string_view name = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    read_key(L, name, value, options);
  }
  return options;
}

}  // namespace perigee
