// The module "perigee.grpc": calls of gRPC from scripts.
#pragma once

#include <memory>
#include <utility>

#include "engine/grpc/grpc_metrics.h"
#include "engine/http/proxy.h"
#include "scripting/module.h"
#include "scripting/protobuf/schema_cache.h"

namespace perigee {

class GrpcModule final : public Module {
 public:
  // The cache is shared with other modules that load schemas.
  GrpcModule(http::ProxySettings proxies, std::shared_ptr<SchemaCache> schemas)
      : proxies_(std::move(proxies)), schemas_(std::move(schemas)) {}

  std::string_view name() const override { return "perigee.grpc"; }
  void declare(MetricRegistry& registry) override;
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  http::ProxySettings proxies_;
  std::shared_ptr<SchemaCache> schemas_;
  grpc::GrpcMetricIds ids_{};
};

}  // namespace perigee
