// How a channel reaches its server, and what it holds itself to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/clock.h"
#include "engine/grpc/limits.h"
#include "engine/http/proxy.h"
#include "engine/http/url.h"
#include "engine/net/tls_context.h"

namespace perigee::grpc {

struct ChannelSettings {
  std::shared_ptr<const http::Url> server{};  // http for clear text, https for TLS; only its origin
  std::string authority{};  // in place of the server's host and port; empty: those
  std::string user_agent = "perigee/0.1.0";
  std::shared_ptr<const TlsContext> tls{};  // null: as the network says
  http::ProxySettings proxies{};
  size_t connections = 1;
  uint64_t user = 1;  // decides the local address
  // Messages of more bytes, as they are unpacked, end their call with RESOURCE_EXHAUSTED.
  size_t max_receive = limits::kGrpcMessage;
  size_t max_send = limits::kGrpcSentMessage;
  // After so long without a byte from the server it is pinged, while calls are on their way or
  // `keepalive_without_calls`; zero: never. Without a reply in time the connection is over.
  Duration keepalive_time{};
  Duration keepalive_timeout = std::chrono::seconds(20);
  bool keepalive_without_calls = false;
};

}  // namespace perigee::grpc
