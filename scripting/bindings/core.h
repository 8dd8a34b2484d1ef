// The module "perigee": check, group, sleep, fail, abort.
#pragma once

#include "scripting/module.h"

namespace perigee {

class CoreModule final : public Module {
 public:
  std::string_view name() const override { return "perigee"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
