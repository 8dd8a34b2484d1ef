// Tells subscribers what changes in the scheduler.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "target/grpc/scheduler/status_queue.h"
#include "target/scheduler/scheduler_observer.h"

namespace perigee {

// What there are streams of statuses of.
enum class StatusKind : uint8_t { kModels, kPipelines, kExperiments, kServers };
inline constexpr size_t kStatusKinds = 4;

// One for all workers: whoever has the scheduler's state has the feed, too.
class StatusFeed final : public SchedulerObserver {
 public:
  explicit StatusFeed(const TimeOrigin& origin) : origin_(origin) {}

  // The queue gets what changes from now on, for as long as it is there.
  void subscribe(StatusKind kind, const std::shared_ptr<StatusQueue>& queue) {
    subscribers(kind).push_back(queue);
  }
  // Of the times in the messages.
  const TimeOrigin& origin() const { return origin_; }

  void on_model(const ScheduledModel& model) override;
  void on_pipeline(const ScheduledPipeline& pipeline) override;
  void on_experiment(const ScheduledExperiment& experiment) override;
  void on_server(const Servers& servers, const ModelServer& server) override;

 private:
  using Queues = std::vector<std::weak_ptr<StatusQueue>>;

  Queues& subscribers(StatusKind kind) { return subscribers_[static_cast<size_t>(kind)]; }
  void publish(StatusKind kind, const std::function<void(std::string& out)>& write);

  const TimeOrigin origin_;
  std::array<Queues, kStatusKinds> subscribers_;
};

}  // namespace perigee
