// The module "perigee.websocket": WebSockets from scripts.
#pragma once

#include <utility>

#include "engine/http/proxy.h"
#include "engine/websocket/websocket_metrics.h"
#include "scripting/module.h"

namespace perigee {

class WebSocketModule final : public Module {
 public:
  explicit WebSocketModule(http::ProxySettings proxies) : proxies_(std::move(proxies)) {}

  std::string_view name() const override { return "perigee.websocket"; }
  void declare(MetricRegistry& registry) override;
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  http::ProxySettings proxies_;
  websocket::WebSocketMetricIds ids_{};
};

}  // namespace perigee
