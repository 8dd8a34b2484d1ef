#include "target/grpc/scheduler/status_feed.h"

#include <algorithm>

#include "target/grpc/scheduler/model_messages.h"

namespace perigee {

void StatusFeed::on_model(const ScheduledModel& model) {
  publish(StatusKind::kModels,
          [&](std::string& out) { write_model_status(out, model, false, origin_); });
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
