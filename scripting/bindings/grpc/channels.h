// The channels of one worker's scripts, and what their servers' reflection has told.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/grpc/channel.h"
#include "engine/grpc/reflection.h"
#include "engine/http/proxy.h"
#include "engine/http/refused_pause.h"
#include "engine/loop/turn_end.h"
#include "engine/protobuf/schema.h"
#include "scripting/bindings/grpc/client.h"
#include "scripting/protobuf/schema_cache.h"
#include "scripting/script_host.h"

namespace perigee {

// A channel that VUs share.
struct GrpcSharedChannel {
  GrpcConnectParams params;
  std::unique_ptr<grpc::Channel> channel;
  http::Traffic told{};  // that VUs have reported as theirs
};

// Told what reflection has found; once, on a later turn than it was asked.
class GrpcReflectionUser {
 public:
  virtual ~GrpcReflectionUser() = default;
  virtual void on_schema(const std::shared_ptr<const protobuf::Schema>& schema,
                         const std::string& error) = 0;
};

class GrpcChannels {
 public:
  GrpcChannels(ScriptHost& host, const http::ProxySettings& proxies, SchemaCache& schemas);
  ~GrpcChannels();
  GrpcChannels(const GrpcChannels&) = delete;
  GrpcChannels& operator=(const GrpcChannels&) = delete;

  // A channel for the `user`-th VU alone. Throws std::runtime_error.
  std::unique_ptr<grpc::Channel> make(const GrpcConnectParams& params, uint64_t user);
  // The channel of this name, made when it is first asked for. Throws std::runtime_error if it is
  // connected in another way.
  grpc::Channel& shared(const GrpcSharing& sharing, const GrpcConnectParams& params);
  // Keeps a channel that has been closed until nothing of this turn needs it.
  void retire(std::unique_ptr<grpc::Channel> channel);

  // The services of the server that the channel leads to, if they are known. Else asks for them,
  // once for all of the worker who want them meanwhile.
  std::shared_ptr<const protobuf::Schema> reflected(grpc::Channel& channel,
                                                    const GrpcConnectParams& params,
                                                    GrpcReflectionUser& user);
  // Gives a client the services of its server, if it wants them by reflection, and says whether
  // they were known, to this worker or another, or not wanted.
  bool provide(GrpcClient& client);
  // `user` is not told any more.
  void forget(GrpcReflectionUser& user);

  // Bytes over shared channels since the last time.
  http::Traffic take_shared_traffic();

 private:
  class Query;  // of reflection, until its result is known

  grpc::ChannelSettings settings_of(const GrpcConnectParams& params);
  std::shared_ptr<const TlsContext> tls_of(const GrpcConnectParams& params);

  ScriptHost& host_;
  const http::ProxySettings& proxies_;
  SchemaCache& schemas_;
  http::RefusedPause refused_;
  TurnEnd turn_end_;
  std::vector<std::unique_ptr<grpc::Channel>> retired_;
  std::map<std::string, GrpcSharedChannel> shared_;
  std::map<std::string, std::shared_ptr<const TlsContext>> tls_;  // by their settings
  std::map<std::string, std::unique_ptr<Query>> queries_;         // by server
};

}  // namespace perigee
