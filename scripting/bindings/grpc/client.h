// What grpc.client() returns in a script: the services it knows, and the channel it is connected
// by.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/grpc/channel.h"
#include "engine/grpc/grpc_metrics.h"
#include "engine/http/traffic.h"
#include "engine/protobuf/schema.h"
#include "scripting/bindings/grpc/connect_params.h"

namespace perigee {

// A method as scripts of one client call it.
struct GrpcMethod {
  const protobuf::MethodType* type = nullptr;  // null of health checks
  const protobuf::Schema* schema = nullptr;    // that the type is of
  std::string path;                            // "/package.Service/Method"
  grpc::CallTagsId tags = 0;                   // of calls without tags of their own ...
  bool has_tags = false;                       // ... to the server of now
};

// Which connections a client shares, and how many there are over all workers.
struct GrpcSharing {
  std::string name{};  // empty: they are the client's own
  size_t connections = 1;
};

// Belongs to its VU; used by its thread only.
class GrpcClient {
 public:
  explicit GrpcClient(GrpcSharing sharing) : sharing_(std::move(sharing)) {}

  const GrpcSharing& sharing() const { return sharing_; }
  void add_schema(std::shared_ptr<const protobuf::Schema> schema);

  // Null while it is not connected.
  grpc::Channel* channel() const { return channel_; }
  const GrpcConnectParams& params() const { return params_; }
  // "host:port", as tags have it.
  const std::string& server() const { return server_; }
  // It is connected now, by a channel of its own or by one that it shares. Must not be connected.
  void connect(std::unique_ptr<grpc::Channel> own, const GrpcConnectParams& params);
  void connect(grpc::Channel& shared, const GrpcConnectParams& params);
  // Ends connections of its own, with their calls. Its channel must be kept until a later turn.
  std::unique_ptr<grpc::Channel> disconnect();

  // The method of this name. Throws std::runtime_error, with the closest known name.
  GrpcMethod& method(std::string_view name);
  GrpcMethod& health_check() { return health_; }

  // Bytes over connections of its own since the last time.
  http::Traffic take_traffic();

 private:
  // There is one schema at least.
  GrpcMethod find_method(std::string_view name) const;
  void set_server(const GrpcConnectParams& params);

  const GrpcSharing sharing_;
  std::vector<std::shared_ptr<const protobuf::Schema>> schemas_;
  std::map<std::string, GrpcMethod, std::less<>> methods_;
  GrpcMethod health_{.path = "/grpc.health.v1.Health/Check"};
  std::unique_ptr<grpc::Channel> own_;
  grpc::Channel* channel_ = nullptr;
  GrpcConnectParams params_;
  std::string server_;
  http::Traffic traffic_;  // of channels that are gone, and not told yet
  http::Traffic told_;     // of the one that is there
};

}  // namespace perigee
