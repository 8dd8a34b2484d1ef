// The module "perigee.http": requests from scripts.
#pragma once

#include <utility>

#include "engine/http/http_metrics.h"
#include "engine/http/proxy.h"
#include "engine/http/stream_metrics.h"
#include "scripting/module.h"

namespace perigee {

class HttpModule final : public Module {
 public:
  explicit HttpModule(http::ProxySettings proxies) : proxies_(std::move(proxies)) {}

  std::string_view name() const override { return "perigee.http"; }
  void declare(MetricRegistry& registry) override;
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  http::ProxySettings proxies_;
  http::HttpMetricIds ids_{};
  http::StreamMetricIds stream_ids_{};
};

}  // namespace perigee
