// The module "perigee.execution": what a script may know of the run it is part of.
#pragma once

#include "scripting/module.h"

namespace perigee {

class ExecutionModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.execution"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
