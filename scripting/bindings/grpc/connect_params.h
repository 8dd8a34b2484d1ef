// Where a client of gRPC connects to, and how.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "engine/base/clock.h"
#include "engine/grpc/limits.h"
#include "engine/http/url.h"
#include "scripting/bindings/grpc/call_params.h"
#include "scripting/lua.h"

namespace perigee {

struct GrpcConnectParams {
  std::string address{};  // "host:port" as the script wrote it
  bool plaintext = false;
  bool reflect = false;
  bool lazy = false;  // does not wait for a connection, which the first call makes
  GrpcMetadata reflect_metadata{};
  Duration timeout = std::chrono::seconds(60);
  std::string authority{};
  std::string tls{};  // the table as JSON; empty: none
  size_t max_receive = limits::kGrpcMessage;
  size_t max_send = limits::kGrpcSentMessage;
  Duration keepalive_time{};
  Duration keepalive_timeout = std::chrono::seconds(20);
  bool keepalive_without_calls = false;

  // The same connections do for both.
  bool operator==(const GrpcConnectParams&) const = default;
};

// Reads the address at `address` and the table at `params`, which may be nil. Throws
// std::runtime_error.
GrpcConnectParams read_connect_params(lua_State* L, int address, int params);

// The server at an address as it is written, e.g. "localhost:50051", "[::1]:443" or "dns:///host".
// Throws std::runtime_error.
std::shared_ptr<const http::Url> grpc_server(std::string_view written, bool plaintext);

}  // namespace perigee
