// The module "perigee.json": encode, decode, find, array, null.
#pragma once

#include "scripting/module.h"

namespace perigee {

class JsonModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.json"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
