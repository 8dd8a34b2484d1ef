// What VUs wait for that asks brokers: each call has a thread while it waits.
#pragma once

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <nlohmann/json.hpp>

#include "scripting/script_host.h"

namespace perigee {

// The calls of one worker. Destroying it waits for those that still run.
class KafkaBlockingCalls {
 public:
  using Work = std::function<nlohmann::json()>;

  explicit KafkaBlockingCalls(ScriptHost& host);
  ~KafkaBlockingCalls();
  KafkaBlockingCalls(const KafkaBlockingCalls&) = delete;
  KafkaBlockingCalls& operator=(const KafkaBlockingCalls&) = delete;

  // Runs `work` on a thread, and gives the VU its value; or nil, the error's number and its
  // message. `on_end` hears on the loop whether it succeeded, though nobody waits any more.
  int await(lua_State* L, LuaVu& vu, Work work, std::function<void(bool)> on_end = {});

 private:
  class Call;

  ScriptHost& host_;
  std::vector<std::unique_ptr<Call>> calls_;
};

}  // namespace perigee
