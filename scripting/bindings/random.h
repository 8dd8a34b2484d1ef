// The module "perigee.random": choices and distributions, with a generator for each VU.
#pragma once

#include "scripting/module.h"

namespace perigee {

class RandomModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.random"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
