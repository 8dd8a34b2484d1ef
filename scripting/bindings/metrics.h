// The module "perigee.metrics": counters, gauges, rates and trends of the script's own.
#pragma once

#include "scripting/module.h"

namespace perigee {

class MetricsModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.metrics"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
