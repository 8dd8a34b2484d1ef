// A call whose client hears of every change until it ends the call.
#pragma once

#include <memory>

#include "engine/grpc/server/method.h"
#include "engine/grpc/server/server_call.h"
#include "engine/loop/loop.h"
#include "target/grpc/call_pace.h"
#include "target/grpc/scheduler/status_queue.h"

namespace perigee {

// On the call's thread; others push to its queue.
class StatusSubscription final : public grpc::CallHandler {
 public:
  StatusSubscription(grpc::ServerCall& call, Loop& loop, const CallPace& pace);

  const std::shared_ptr<StatusQueue>& queue() const { return queue_; }
  // Sends what waits, as long as the client takes it.
  void deliver();

 private:
  void on_drained() override { deliver(); }

  grpc::ServerCall& call_;
  const CallPace& pace_;
  // Ends with it: what was posted to it before finds nobody.
  const std::shared_ptr<StatusSubscription*> self_;
  const std::shared_ptr<StatusQueue> queue_;
};

}  // namespace perigee
