// The module "perigee.url": URLs, their parts and their queries.
#pragma once

#include "scripting/module.h"

namespace perigee {

class UrlModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.url"; }
  void declare(MetricRegistry&) override {}
  std::unique_ptr<Instance> open(ScriptHost& host) override;
};

}  // namespace perigee
