// What a script gives http.client{ ... }: settings of a client of its own.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/http/client_settings.h"
#include "scripting/lua.h"

namespace perigee {

// What is not set is as with the VU's default client.
struct HttpClientOptions {
  std::string shared;  // the name of a pool for all VUs of a worker; empty: each VU has its own
  std::optional<Duration> timeout;
  std::optional<Duration> idle_timeout;
  std::optional<Duration> connection_lifetime;
  http::HttpVersions versions = http::HttpVersions::kNegotiated;
  std::optional<size_t> max_concurrent_streams;
  std::optional<size_t> max_connections;
  std::optional<size_t> max_connections_per_host;
  std::optional<std::string> user_agent;
  std::optional<std::string> proxy;                          // its URL; empty: none is used
  std::string tls;                                           // the table as JSON; empty: none
  std::vector<std::pair<std::string, std::string>> headers;  // that requests lack; by name

  bool logs_bodies = true;  // by the option httpDebug

  bool operator==(const HttpClientOptions&) const = default;
};

// Reads the table at `index`. Throws std::runtime_error.
HttpClientOptions read_client_options(lua_State* L, int index);

}  // namespace perigee
