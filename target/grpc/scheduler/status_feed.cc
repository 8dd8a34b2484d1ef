#include "target/grpc/scheduler/status_feed.h"

#include <algorithm>

#include "target/grpc/scheduler/experiment_messages.h"
#include "target/grpc/scheduler/model_messages.h"
#include "target/grpc/scheduler/pipeline_messages.h"
#include "target/grpc/scheduler/server_messages.h"

namespace perigee {

void StatusFeed::on_model(const ScheduledModel& model) {
  publish(StatusKind::kModels,
          [&](std::string& out) { write_model_status(out, model, false, origin_); });
}

void StatusFeed::on_pipeline(const ScheduledPipeline& pipeline) {
  publish(StatusKind::kPipelines,
          [&](std::string& out) { write_pipeline_status(out, pipeline, false, origin_); });
}

void StatusFeed::on_experiment(const ScheduledExperiment& experiment) {
  publish(StatusKind::kExperiments,
          [&](std::string& out) { write_experiment_status(out, experiment); });
}

void StatusFeed::on_server(const Servers& servers, const ModelServer& server) {
  publish(StatusKind::kServers,
          [&](std::string& out) { write_server_status(out, servers, server); });
}

// Those who are gone are left out from then on; the message is written once for all.
void StatusFeed::publish(StatusKind kind, const std::function<void(std::string& out)>& write) {
  Queues& queues = subscribers(kind);
  std::erase_if(queues, [](const auto& queue) { return queue.expired(); });
  if (queues.empty()) return;
  auto message = std::make_shared<std::string>();
  write(*message);
  for (const auto& queue : queues) {
    if (const auto subscriber = queue.lock()) subscriber->push(message);
  }
}

}  // namespace perigee
