// The module "perigee.tensor": tensors of the Open Inference Protocol, as bytes and as lists.
#pragma once

#include "scripting/module.h"

namespace perigee {

class TensorModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.tensor"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
