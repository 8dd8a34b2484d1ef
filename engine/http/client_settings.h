// How a client sends its requests, what its pools keep open and what they may open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/http/connection_queue.h"
#include "engine/http/proxy.h"

namespace perigee {
class RateLimit;
class TlsContext;
}  // namespace perigee

namespace perigee::http {

class HttpDebug;

// Which versions of HTTP a client speaks.
enum class HttpVersions : uint8_t {
  kHttp1,
  kNegotiated,  // HTTP/2 where TLS agrees on it, else HTTP/1.1
  kHttp2,       // HTTP/2 only: in clear text by prior knowledge
};

struct ClientSettings {
  std::string user_agent = "perigee/0.1.0";
  // Otherwise each request has a connection of its own, and says so to the server.
  bool reuse_connections = true;
  // What a pool keeps, in all and to one host; at least 1.
  size_t idle_connections = limits::kIdleConnections;
  size_t idle_connections_per_host = limits::kIdleConnectionsPerHost;
  // What a pool may have open; requests beyond that are queued, which counts as blocked.
  ConnectionLimits connections{};
  HttpVersions versions = HttpVersions::kNegotiated;
  // Requests that one HTTP/2 connection carries at a time, if its server allows as many.
  uint32_t streams_per_connection = limits::kStreamsPerConnection;
  // A connection is closed when it has been idle for so long, and takes no new request when it has
  // been open for so long; zero: never.
  Duration idle_timeout{};
  Duration connection_lifetime{};
  // When requests may start; null: at once. Shared with other clients, and outlives them.
  RateLimit* rate = nullptr;
  ProxySettings proxies{};
  // Where requests and responses are logged; null: nowhere. It outlives the client.
  HttpDebug* debug = nullptr;
  // How https connections are made; null: as the network says.
  std::shared_ptr<const TlsContext> tls{};
};

}  // namespace perigee::http
