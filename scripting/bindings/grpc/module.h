// The module "perigee.grpc": calls of gRPC from scripts.
#pragma once

#include <utility>

#include "engine/grpc/grpc_metrics.h"
#include "engine/http/proxy.h"
#include "scripting/module.h"

namespace perigee {

class GrpcModule final : public Module {
 public:
  explicit GrpcModule(http::ProxySettings proxies) : proxies_(std::move(proxies)) {}

  std::string_view name() const override { return "perigee.grpc"; }
  void declare(MetricRegistry& registry) override;
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  http::ProxySettings proxies_;
  grpc::GrpcMetricIds ids_{};
};

}  // namespace perigee
