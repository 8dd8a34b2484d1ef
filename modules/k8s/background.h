// Functions of the module that run beside the VUs of the load, such as a watch that all of them
// use.
#pragma once

#include <map>
#include <vector>

#include "engine/execution/virtual_user.h"
#include "engine/loop/turn_end.h"
#include "scripting/lua_vu.h"

namespace perigee {

class Background final : private IterationListener {
 public:
  explicit Background(ScriptHost& host);
  ~Background() override = default;
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Starts the function at `index` when the turn ends. It may wait, as those of a script may.
  void start(lua_State* L, int index);

 private:
  void on_iteration_end(VirtualUser& user, IterationResult result) override;
  void start_waiting();

  ScriptHost& host_;
  std::vector<int> functions_;  // registry references of those to be started
  std::vector<LuaVu*> idle_;
  TurnEnd turn_end_;
};

}  // namespace perigee
