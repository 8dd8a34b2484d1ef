// A client's way to its server: dials, and asks for the services where the script wants that.
#pragma once

#include <memory>
#include <string>

#include "engine/grpc/channel.h"
#include "engine/loop/timer_queue.h"
#include "scripting/bindings/grpc/channels.h"
#include "scripting/bindings/grpc/client.h"
#include "scripting/lua_vu.h"

namespace perigee {

// One per VU that connects, until it has.
class GrpcConnectOperation final : public Operation,
                                   private grpc::ConnectEvents,
                                   private GrpcReflectionUser {
 public:
  GrpcConnectOperation(ScriptHost& host, GrpcChannels& channels, LuaVu& vu, GrpcClient& client);

  // The client's channel is there. Waits for its connections where they are not: `return
  // operation.run(L)` from a binding. Its result is the message of an error, or nothing; without a
  // wait the operation is done, too.
  int run(lua_State* L);
  bool done() const { return done_; }

  void cancel() override;

 private:
  void on_connected(const grpc::Status& status) override;
  void on_schema(const std::shared_ptr<const protobuf::Schema>& schema,
                 const std::string& error) override;
  void on_time();

  // False: it waits.
  bool reflect();
  void end(const std::string& error);
  void forget();

  ScriptHost& host_;
  GrpcChannels& channels_;
  LuaVu& vu_;
  GrpcClient& client_;
  Timer timer_;
  Wake wake_;
  bool done_ = false;
};

}  // namespace perigee
