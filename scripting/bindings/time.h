// The module "perigee.time": the calendar, and a clock that nobody sets.
#pragma once

#include "scripting/module.h"

namespace perigee {

class TimeModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.time"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

// Pushes the milliseconds since 1970, with their fraction.
int push_now(lua_State* L);

}  // namespace perigee
