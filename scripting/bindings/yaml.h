// The module "perigee.yaml": decode, decode_all, encode.
#pragma once

#include "scripting/module.h"

namespace perigee {

class YamlModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.yaml"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
