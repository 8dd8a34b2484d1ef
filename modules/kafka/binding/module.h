// The module "perigee.kafka": messages to and from Kafka, from scripts.
#pragma once

#include <memory>

#include "modules/kafka/binding/reply_hubs.h"
#include "modules/kafka/lag_board.h"
#include "modules/kafka/metrics.h"
#include "scripting/module.h"

namespace perigee {

class KafkaModule final : public Module {
 public:
  std::string_view name() const override { return "perigee.kafka"; }
  void declare(MetricRegistry& registry) override;
  std::unique_ptr<Instance> open(ScriptHost& host) override;

 private:
  kafka::KafkaMetricIds ids_{};
  KafkaReplyHubs hubs_;  // thread-safe, as the next
  kafka::LagBoard lags_;
};

}  // namespace perigee
