// The module "perigee.http": requests from scripts.
#pragma once

#include "engine/http/http_metrics.h"
#include "scripting/module.h"

namespace perigee {

class HttpModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.http"; }
  void declare(MetricRegistry& registry) override;
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  http::HttpMetricIds ids_{};
};

}  // namespace perigee
