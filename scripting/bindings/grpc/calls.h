// The calls of one worker's scripts.
#pragma once

#include <deque>
#include <vector>

#include "engine/grpc/grpc_metrics.h"
#include "engine/http/trace_parent.h"
#include "scripting/bindings/grpc/call_params.h"
#include "scripting/bindings/grpc/client.h"
#include "scripting/bindings/grpc/messages.h"
#include "scripting/bindings/grpc/stream_call.h"
#include "scripting/bindings/grpc/unary_call.h"
#include "scripting/script_host.h"

namespace perigee {

// Starts them, and keeps their objects for the next ones.
class GrpcCalls final : private GrpcUnaryOwner, private GrpcStreamOwner {
 public:
  // The messages outlive it.
  GrpcCalls(ScriptHost& host, GrpcMessages& messages, const grpc::GrpcMetricIds& ids)
      : host_(host), messages_(messages), metrics_(ids, host.worker().shard) {}

  // A unary call whose request is the message at `message`: a table, or the bytes of one. It is
  // ready to be put on its way. Throws std::runtime_error.
  GrpcUnaryCall& unary(lua_State* L, LuaVu& vu, GrpcClient& client, GrpcMethod& method, int message,
                       const GrpcCallParams& params);
  // Puts a stream on its way for the script's table at `table`. Throws std::runtime_error.
  void stream(lua_State* L, int table, LuaVu& vu, GrpcClient& client, GrpcMethod& method,
              const GrpcCallParams& params);

  // Writes the message at `index`, which is of this type. Throws std::runtime_error.
  void write(lua_State* L, int index, const GrpcMethod& method, grpc::Call& call);

  ScriptHost& host() override { return host_; }

 private:
  grpc::GrpcMetrics& metrics() override { return metrics_; }
  void finished(GrpcUnaryCall& call) override { free_unaries_.push_back(&call); }
  void finished(GrpcStreamCall& call) override { free_streams_.push_back(&call); }

  grpc::CallRequest request_of(const GrpcMethod& method, const GrpcCallParams& params);
  grpc::CallTagsId tags_of(const GrpcClient& client, GrpcMethod& method, const TagSet& own);

  ScriptHost& host_;
  http::TraceParents traces_;
  GrpcMessages& messages_;
  grpc::GrpcMetrics metrics_;
  std::deque<GrpcUnaryCall> unaries_;
  std::vector<GrpcUnaryCall*> free_unaries_;
  std::deque<GrpcStreamCall> streams_;
  std::vector<GrpcStreamCall*> free_streams_;
};

}  // namespace perigee
