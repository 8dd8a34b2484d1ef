// The module "perigee.encoding": Base64 and hexadecimal.
#pragma once

#include "scripting/module.h"

namespace perigee {

class EncodingModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.encoding"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
