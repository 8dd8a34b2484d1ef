#include "scripting/bindings/grpc/stream_call.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/grpc/limits.h"
#include "scripting/bindings/grpc/call_result.h"
#include "scripting/bindings/refusal_pause.h"
#include "scripting/lua_state.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

// Where a stream's table has the object.
constexpr int kHandle = 1;

}  // namespace

GrpcStreamCall::GrpcStreamCall(GrpcStreamOwner& owner)
    : owner_(owner),
      call_(*this),
      turn_end_(owner.host().worker().loop.turn_ends(), [this] { on_turn_end(); }),
      timer_(owner.host().worker().loop.timers(), [this] { on_time(); }) {}

void GrpcStreamCall::start(lua_State* L, int table, LuaVu& vu, grpc::CallTagsId tags,
                           bool keep_messages, Instant now) {
  lua_pushlightuserdata(L, this);
  lua_rawseti(L, table, kHandle);
  lua_pushvalue(L, table);
  table_ = luaL_ref(L, LUA_REGISTRYINDEX);
  vu_ = &vu;
  context_ = vu.context();
  tags_ = tags;
  series_ = owner_.metrics().stream_series(context_, tags_);
  keep_messages_ = keep_messages;
  over_ = left_ = paused_ = turn_end_wanted_ = false;
  awaits_ = Awaits::kNothing;
  wake_ = {};
  inbox_.clear();
  last_.reset();
  vu.add(*this);
  call_.start(now);
}

int GrpcStreamCall::sent(lua_State* L, Instant now) {
  vu_->attribute_samples();
  owner_.metrics().record_sent(series_, now);
  if (over_ || call_.unsent() <= limits::kGrpcUnsent) return 0;
  awaits_ = Awaits::kRoom;
  wake_ = vu_->prepare_wait();
  return vu_->wait(L, 0);
}

int GrpcStreamCall::receive(lua_State* L, std::optional<Instant> until) {
  if (!inbox_.empty()) return push_message(L);
  if (over_) {
    const int results = push_end(L);
    finish();
    return results;
  }
  awaits_ = Awaits::kMessage;
  wake_ = vu_->prepare_wait();
  if (until) timer_.start(*until);
  return vu_->wait(L, 0);
}

void GrpcStreamCall::close() {
  if (!over_) {
    const bool sent = call_.cancel();
    end_ = {};
    end_.status.code = grpc::Code::kCancelled;
    end_.status.message = "the stream was closed by the script";
    end_.started = call_.started();
    end_.ended = owner_.host().worker().loop.recent();
    over_ = true;
    // A server that has heard nothing of it can't have counted it.
    if (sent) record(grpc::Verdict::kNotJudged);
  }
  finish();
}

void GrpcStreamCall::on_message(std::string_view message, Instant at) {
  vu_->attribute_samples();
  owner_.metrics().record_received(series_, call_.started(), last_, at);
  last_ = at;
  if (left_) return;
  inbox_.add(keep_messages_ ? message : std::string_view(), at);
  if (awaits_ == Awaits::kMessage) want_turn_end();
  if (!paused_ && inbox_.size() > limits::kGrpcInbox) {
    paused_ = true;
    call_.pause();
  }
}

void GrpcStreamCall::on_drained() {
  if (awaits_ == Awaits::kRoom) want_turn_end();
}

void GrpcStreamCall::on_end(const grpc::CallEnd& end) {
  over_ = true;
  end_ = end;
  record(end.status.ok() ? grpc::Verdict::kOk : grpc::Verdict::kFailed);
  if (left_) return finish();
  if (awaits_ != Awaits::kNothing) want_turn_end();
}

bool GrpcStreamCall::may_pause(Duration /*pause*/) {
  return may_pause_refused(owner_.host(), *vu_);
}

void GrpcStreamCall::record(grpc::Verdict verdict) {
  vu_->attribute_samples();
  owner_.metrics().record_stream(context_, tags_, verdict, end_);
}

void GrpcStreamCall::want_turn_end() {
  turn_end_wanted_ = true;
  turn_end_.arm();
}

void GrpcStreamCall::on_turn_end() {
  // The stream may be another one by now.
  if (std::exchange(turn_end_wanted_, false)) go_on();
}

void GrpcStreamCall::on_time() {
  if (left_) {
    if (call_.cancel()) {
      owner_.metrics().record_interrupted(context_, tags_, owner_.host().worker().loop.recent());
    }
    return finish();
  }
  if (awaits_ != Awaits::kMessage || !wake_.wanted()) return;
  awaits_ = Awaits::kNothing;
  lua_State* const L = wake_.stack();
  lua_pushnil(L);
  lua_pushliteral(L, "timeout");
  Wake wake = wake_;
  wake.resume(2);
}

void GrpcStreamCall::go_on() {
  if (!wake_.wanted()) return;
  Wake wake = wake_;
  lua_State* const L = wake.stack();
  if (awaits_ == Awaits::kRoom) {
    awaits_ = Awaits::kNothing;
    return wake.resume(0);
  }
  if (awaits_ != Awaits::kMessage || (inbox_.empty() && !over_)) return;
  awaits_ = Awaits::kNothing;
  timer_.stop();
  if (!inbox_.empty()) return wake.resume(push_message(L));
  const int results = push_end(L);
  finish();
  wake.resume(results);
}

int GrpcStreamCall::push_message(lua_State* L) {
  const GrpcMessageInbox::Message message = inbox_.front();
  push_view(L, message.bytes);
  lua_pushnumber(L, to_ms(message.at - call_.started()));
  inbox_.pop();
  if (paused_ && !over_ && inbox_.size() <= limits::kGrpcInbox / 2) {
    paused_ = false;
    call_.resume();
  }
  return 2;
}

int GrpcStreamCall::push_end(lua_State* L) {
  luaL_checkstack(L, kGrpcEndParts + 1, "stream");
  lua_pushnil(L);
  push_grpc_end(L, call_, end_);
  return kGrpcEndParts + 1;
}

// What is still to come has nobody to read it, but a server that ends soon is let do so.
void GrpcStreamCall::on_function_returned() {
  if (over_) return finish();
  left_ = true;
  inbox_.clear();
  if (paused_) call_.resume();
  if (!call_.send_closed()) call_.close_send();
  timer_.start(owner_.host().worker().loop.recent() + limits::kStreamLinger);
}

void GrpcStreamCall::cancel() {
  if (!over_ && call_.cancel()) {
    owner_.metrics().record_interrupted(context_, tags_, owner_.host().worker().loop.recent());
  }
  release();
  owner_.finished(*this);
}

void GrpcStreamCall::release() {
  timer_.stop();
  turn_end_wanted_ = false;
  lua_State* const L = owner_.host().main_state();
  const StackGuard guard(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, table_);
  lua_pushboolean(L, 0);
  lua_rawseti(L, -2, kHandle);
  luaL_unref(L, LUA_REGISTRYINDEX, table_);
}

void GrpcStreamCall::finish() {
  LuaVu& vu = *vu_;
  release();
  // May be used again as soon as the VU goes on.
  owner_.finished(*this);
  vu.remove(*this);
}

}  // namespace perigee
