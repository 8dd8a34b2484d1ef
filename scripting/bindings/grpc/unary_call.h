// A unary call of a script in flight.
#pragma once

#include <string>

#include "engine/grpc/call.h"
#include "engine/grpc/grpc_metrics.h"
#include "scripting/lua_vu.h"

namespace perigee {

class GrpcUnaryCall;
class ScriptHost;

// Told when nothing needs the object any more.
class GrpcUnaryOwner {
 public:
  virtual ~GrpcUnaryOwner() = default;
  virtual grpc::GrpcMetrics& metrics() = 0;
  virtual ScriptHost& host() = 0;
  virtual void finished(GrpcUnaryCall& call) = 0;
};

// Its result goes to a VU that waits, or to a promise: a table, whose list part becomes the parts.
class GrpcUnaryCall final : public grpc::CallEvents, public Operation {
 public:
  explicit GrpcUnaryCall(GrpcUnaryOwner& owner) : owner_(owner), call_(*this) {}

  grpc::Call& call() { return call_; }
  // What happens to it from here on is the VU's, and told under these tags.
  void begin(LuaVu& vu, grpc::CallTagsId tags, bool keep_message);
  // Puts it on its way: `return unary.await(L)` from a binding. Its results are the parts: code,
  // header block, trailer block, message and details of the error, the response's message.
  int await(lua_State* L, Instant now);
  // The same for the promise at `promise`, which is told instead.
  void start(lua_State* L, int promise, Instant now);
  // The script waits for the promise.
  int await_promise(lua_State* L);

  void cancel() override;

 private:
  static constexpr int kParts = 6;

  void on_message(std::string_view message, Instant at) override;
  void on_end(const grpc::CallEnd& end) override;
  bool may_pause(Duration pause) override;

  void push_parts(lua_State* L, const grpc::CallEnd& end);
  void keep_promise(const grpc::CallEnd& end);
  void release_promise();

  GrpcUnaryOwner& owner_;
  grpc::Call call_;
  LuaVu* vu_ = nullptr;
  TagSetId context_ = 0;
  grpc::CallTagsId tags_ = 0;
  bool keep_message_ = true;
  std::string message_;
  Wake wake_;
  int promise_ = LUA_NOREF;
};

}  // namespace perigee
