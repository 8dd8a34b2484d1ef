// A module that scripts can require: "perigee.http" and its like. main lists them by hand.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/metrics/registry.h"
#include "scripting/lua.h"

namespace perigee {

class ScriptHost;

// One per run, shared by all workers; immutable once `declare` has returned.
class Module {
 public:
  // One per worker, used on its thread only; holds what the module's functions need.
  class Instance {
   public:
    virtual ~Instance() = default;
    // Leaves the table that `require` returns on the stack. Called once.
    virtual void push(lua_State* L) = 0;
    // What scripts have handed over and do not wait for, such as messages, goes on; `done` is
    // called when all of it has ended. What has not by `until` is interrupted.
    virtual void flush(Instant /*until*/, const std::function<void()>& done) { done(); }
    // Interrupts what is being flushed.
    virtual void cut_flush() {}
  };

  virtual ~Module() = default;
  // What scripts require.
  virtual std::string_view name() const = 0;
  // Adds the module's built-in metrics; called once, before any worker exists.
  virtual void declare(MetricRegistry& registry) = 0;
  // The host outlives the instance.
  virtual std::unique_ptr<Instance> open(ScriptHost& host) = 0;
};

}  // namespace perigee
