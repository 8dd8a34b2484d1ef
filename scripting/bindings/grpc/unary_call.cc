#include "scripting/bindings/grpc/unary_call.h"

#include "scripting/bindings/grpc/call_result.h"
#include "scripting/bindings/refusal_pause.h"
#include "scripting/lua_state.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

constexpr size_t kKeptMessage = 64 * 1024;

}  // namespace

void GrpcUnaryCall::begin(LuaVu& vu, grpc::CallTagsId tags, bool keep_message) {
  vu_ = &vu;
  context_ = vu.context();
  tags_ = tags;
  keep_message_ = keep_message;
  wake_ = {};
  message_.clear();
  if (message_.capacity() > kKeptMessage) message_.shrink_to_fit();
}

int GrpcUnaryCall::await(lua_State* L, Instant now) {
  wake_ = vu_->prepare_wait();
  vu_->add(*this);
  call_.start(now);
  return vu_->wait(L, 0);
}

void GrpcUnaryCall::start(lua_State* L, int promise, Instant now) {
  lua_pushvalue(L, promise);
  promise_ = luaL_ref(L, LUA_REGISTRYINDEX);
  vu_->add(*this);
  call_.start(now);
}

int GrpcUnaryCall::await_promise(lua_State* L) {
  wake_ = vu_->prepare_wait();
  return vu_->wait(L, 0);
}

void GrpcUnaryCall::on_message(std::string_view message, Instant /*at*/) {
  if (keep_message_) message_ = message;
}

void GrpcUnaryCall::on_end(const grpc::CallEnd& end) {
  LuaVu& vu = *vu_;
  vu.attribute_samples();
  const auto verdict = end.status.ok() ? grpc::Verdict::kOk : grpc::Verdict::kFailed;
  owner_.metrics().record_unary(context_, tags_, verdict, end);
  // The call may be used again as soon as the VU goes on: what is still needed is taken now.
  Wake wake = wake_;
  const bool promised = promise_ != LUA_NOREF;
  if (promised) {
    keep_promise(end);
  } else {
    push_parts(wake.stack(), end);
  }
  owner_.finished(*this);
  vu.remove(*this);
  if (!promised) return wake.resume(kParts);
  if (wake.wanted()) wake.resume(0);
}

bool GrpcUnaryCall::may_pause(Duration /*pause*/) {
  return may_pause_refused(owner_.host(), *vu_);
}

void GrpcUnaryCall::push_parts(lua_State* L, const grpc::CallEnd& end) {
  luaL_checkstack(L, kParts, "invoke");
  push_grpc_end(L, call_, end);
  if (end.status.ok() && keep_message_) {
    push_view(L, message_);
  } else {
    lua_pushnil(L);
  }
}

void GrpcUnaryCall::keep_promise(const grpc::CallEnd& end) {
  lua_State* const L = owner_.host().main_state();
  const StackGuard guard(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, promise_);
  const int promise = lua_gettop(L);
  push_parts(L, end);
  for (int i = kParts; i > 0; --i)
    lua_rawseti(L, promise, i);
  release_promise();
}

void GrpcUnaryCall::release_promise() {
  luaL_unref(owner_.host().main_state(), LUA_REGISTRYINDEX, promise_);
  promise_ = LUA_NOREF;
}

void GrpcUnaryCall::cancel() {
  const Instant now = owner_.host().worker().loop.recent();
  if (call_.cancel()) owner_.metrics().record_interrupted(context_, tags_, now);
  if (promise_ != LUA_NOREF) {
    lua_State* const L = owner_.host().main_state();
    const StackGuard guard(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, promise_);
    lua_pushboolean(L, 0);
    lua_rawseti(L, -2, 1);
    release_promise();
  }
  owner_.finished(*this);
}

}  // namespace perigee
