// A module that scripts can require: "perigee.http" and its like. main lists them by hand.
#pragma once

#include <memory>
#include <string_view>

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
