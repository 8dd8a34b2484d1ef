// The module "perigee.summary": text, the summary as the program prints it.
#pragma once

#include "scripting/module.h"

namespace perigee {

class SummaryModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.summary"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
