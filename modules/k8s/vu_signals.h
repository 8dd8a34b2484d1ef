// What VUs of one worker wait for that others of them bring about.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/loop/timer_queue.h"
#include "engine/loop/turn_end.h"
#include "scripting/lua_vu.h"

namespace perigee {

class VuSignals {
 public:
  explicit VuSignals(ScriptHost& host);
  VuSignals(const VuSignals&) = delete;
  VuSignals& operator=(const VuSignals&) = delete;
  ~VuSignals();

  // Has the VU wait for the signal: `return signals.await(...)` from a binding. Its result is
  // whether it has come, rather than the instant.
  int await(lua_State* L, LuaVu& vu, const std::string& name, std::optional<Instant> until);
  // Resumes those that wait for it, when the turn ends.
  void notify(const std::string& name);
  // The same for all signals whose names begin so.
  void notify_all(const std::string& prefix);
  // Whether a VU waits for a signal whose name begins so. One that was cut off does not.
  bool awaited(const std::string& prefix) const;

 private:
  class Waiter;

  using Waiting = std::multimap<std::string, Waiter*>;

  Waiter& take();
  void notify(Waiting::iterator first, Waiting::iterator last);
  void resume_ready();

  ScriptHost& host_;
  std::vector<std::unique_ptr<Waiter>> waiters_;
  std::vector<Waiter*> free_;
  Waiting waiting_;
  std::vector<Waiter*> ready_;  // in the order of their signals; one that was cancelled is nulled
  TurnEnd turn_end_;
};

}  // namespace perigee
