// The module "perigee.inference": loads a served model by what its server says of it.
#pragma once

#include <memory>

#include "modules/inference/statistics.h"
#include "scripting/module.h"

namespace perigee {

class InferenceModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.inference"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  inference::Statistics statistics_;
};

}  // namespace perigee
