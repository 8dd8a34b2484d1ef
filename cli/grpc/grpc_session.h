// One connection to a server for what needs no load: what services it has, and a single call.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cli/grpc/grpc_load.h"
#include "cli/grpc/grpc_services.h"
#include "engine/grpc/channel.h"
#include "engine/grpc/status.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/loop.h"
#include "engine/net/network.h"
#include "engine/protobuf/schema.h"

namespace perigee {

// Each function waits for its end. The load must outlive the session.
class GrpcSession {
 public:
  // Throws ConfigError for an address or certificates that make no sense.
  explicit GrpcSession(const GrpcLoad& load);

  // Each throws GrpcFailure.
  void connect();
  KnownServices reflect();

  // Gets each message of the response when it comes; false ends the call.
  using OnMessage = std::function<bool(std::string_view message)>;
  // Makes the call with these messages. The status is its end.
  grpc::Status call(const protobuf::MethodType& method, std::span<const std::string> messages,
                    const OnMessage& on_message);

 private:
  class ConnectWait;
  class ReflectWait;
  class CallWait;

  // Runs the loop until it is stopped. Throws GrpcFailure past the time-out of connecting.
  void wait(std::string_view what);

  const GrpcLoad& load_;
  Loop loop_;
  Network network_;
  Deadlines deadlines_;
  http::RefusedPause refused_;
  grpc::Channel channel_;
};

}  // namespace perigee
