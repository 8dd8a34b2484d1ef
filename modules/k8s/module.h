// The module "perigee.k8s": a client of Kubernetes' API server for scripts.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "modules/k8s/metrics.h"
#include "modules/k8s/throttle.h"
#include "scripting/module.h"

namespace perigee {

class KubernetesModule final : public Module {
 public:
  // The program's environment: the value of a variable, if it is set.
  using Environment = std::function<std::optional<std::string>(const std::string& name)>;

  explicit KubernetesModule(Environment environment) : environment_(std::move(environment)) {}

  std::string_view name() const override { return "perigee.k8s"; }
  void declare(MetricRegistry& registry) override;
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  Environment environment_;
  KubernetesMetricIds ids_{};
  Throttles throttles_;
};

}  // namespace perigee
