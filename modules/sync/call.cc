#include "modules/sync/call.h"

#include "scripting/lua_state.h"
#include "scripting/script_host.h"

namespace perigee {

int push_nothing(lua_State* L, const char* why) {
  lua_pushnil(L);
  push_view(L, why);
  return 2;
}

SyncCall::SyncCall(SyncCalls& calls)
    : calls_(calls), timer_(calls.host().worker().loop.timers(), [this] { on_time(); }) {}

void SyncCall::prepare(LuaVu& vu, sync::Waitable& waited_for, Push push) {
  vu_ = &vu;
  waited_for_ = &waited_for;
  push_ = push;
  owner = &vu;
  shared = closed = false;
  place = 0;
}

// It may have been granted already: that is heard in a later turn.
int SyncCall::await(lua_State* L, std::optional<Instant> until) {
  wake_ = vu_->prepare_wait();
  vu_->add(*this);
  if (until) timer_.start(*until);
  return vu_->wait(L, 0);
}

void SyncCall::on_grant() {
  calls_.host().worker().loop.post([this, ticket = ticket_] { finish(ticket); });
}

void SyncCall::finish(uint64_t ticket) {
  if (ticket != ticket_) return;
  LuaVu& vu = *vu_;
  Wake wake = wake_;
  vu.remove(*this);
  const int results = push_(wake.stack(), *this);
  leave();
  wake.resume(results);
}

void SyncCall::on_time() {
  if (!waited_for_->withdraw(*this)) return finish(ticket_);
  LuaVu& vu = *vu_;
  Wake wake = wake_;
  vu.remove(*this);
  leave();
  wake.resume(push_nothing(wake.stack(), "timeout"));
}

void SyncCall::cancel() {
  if (!waited_for_->withdraw(*this)) waited_for_->give_back(*this);
  leave();
}

void SyncCall::leave() {
  timer_.stop();
  ++ticket_;
  value.clear();
  calls_.free_.push_back(this);
}

SyncCalls::SyncCalls(ScriptHost& host) : host_(host), lock_slot_(host.new_extension_slot()) {}

// Another worker may be about to end a wait.
SyncCalls::~SyncCalls() {
  for (const auto& call : calls_) {
    if (call->waited_for_ != nullptr) call->waited_for_->withdraw(*call);
  }
}

SyncCall& SyncCalls::take(LuaVu& vu, sync::Waitable& waited_for, SyncCall::Push push) {
  if (free_.empty()) {
    calls_.push_back(std::make_unique<SyncCall>(*this));
    free_.push_back(calls_.back().get());
  }
  SyncCall& call = *free_.back();
  free_.pop_back();
  call.prepare(vu, waited_for, push);
  return call;
}

void SyncCalls::drop(SyncCall& call) {
  call.leave();
}

int SyncCalls::await(lua_State* L, SyncCall& call, std::optional<Instant> until) {
  return call.await(L, until);
}

}  // namespace perigee
