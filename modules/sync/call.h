// What a VU waits for at a lock, a barrier or a queue.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/loop/timer_queue.h"
#include "modules/sync/wait_list.h"
#include "scripting/lua_vu.h"

namespace perigee {

class SyncCalls;

// Whoever ends the wait does so on a thread of their own, so the VU goes on when its loop has heard
// of it. Used again for another wait when this one is over.
class SyncCall final : public Operation, public sync::Waiter {
 public:
  // Pushes what the VU gets, and returns how many values these are.
  using Push = int (*)(lua_State* L, SyncCall& call);

  explicit SyncCall(SyncCalls& calls);

  LuaVu& vu() const { return *vu_; }
  SyncCalls& calls() const { return calls_; }
  sync::Waitable& waited_for() const { return *waited_for_; }

 private:
  friend class SyncCalls;

  void prepare(LuaVu& vu, sync::Waitable& waited_for, Push push);
  int await(lua_State* L, std::optional<Instant> until);

  void on_grant() override;
  void cancel() override;
  void on_time();
  void finish(uint64_t ticket);
  void leave();

  SyncCalls& calls_;
  Timer timer_;
  LuaVu* vu_ = nullptr;
  sync::Waitable* waited_for_ = nullptr;
  Push push_ = nullptr;
  Wake wake_;
  uint64_t ticket_ = 0;  // of this wait: what is told of an earlier one comes too late
};

// Those of one worker. The host must outlive it.
class SyncCalls {
 public:
  explicit SyncCalls(ScriptHost& host);
  ~SyncCalls();
  SyncCalls(const SyncCalls&) = delete;
  SyncCalls& operator=(const SyncCalls&) = delete;

  // One for the VU, which is then told to a lock, barrier or queue, and either waits or is dropped.
  SyncCall& take(LuaVu& vu, sync::Waitable& waited_for, SyncCall::Push push);
  void drop(SyncCall& call);
  // `return calls.await(...)` from a binding, until the instant at most: then the VU gets nil and
  // "timeout".
  int await(lua_State* L, SyncCall& call, std::optional<Instant> until);

  ScriptHost& host() const { return host_; }
  size_t lock_slot() const { return lock_slot_; }

 private:
  friend class SyncCall;

  ScriptHost& host_;
  const size_t lock_slot_;
  std::vector<std::unique_ptr<SyncCall>> calls_;
  std::vector<SyncCall*> free_;
};

// Pushes nil and why there is nothing: "timeout" or "closed".
int push_nothing(lua_State* L, const char* why);

}  // namespace perigee
