#include "target/grpc/scheduler/status_subscription.h"

namespace perigee {
namespace {

// Bytes on their way to a client; with more, its messages wait in the queue.
constexpr size_t kUnsent = 256 * 1024;

}  // namespace

StatusSubscription::StatusSubscription(grpc::ServerCall& call, Loop& loop, const CallPace& pace)
    : call_(call),
      pace_(pace),
      self_(std::make_shared<StatusSubscription*>(this)),
      queue_(std::make_shared<StatusQueue>(
          [&loop, reference = std::weak_ptr<StatusSubscription*>(self_)] {
            loop.post([reference] {
              if (const auto self = reference.lock()) (*self)->deliver();
            });
          })) {}

void StatusSubscription::deliver() {
  if (queue_->overflowed()) {
    return call_.finish({grpc::Code::kResourceExhausted,
                         "the subscriber is so slow that changes were lost; subscribe again"});
  }
  while (!call_.over() && call_.unsent() < kUnsent) {
    const StatusQueue::Message message = queue_->take();
    if (message == nullptr) return;
    call_.send(*message, pace_.prompt(call_.now()));
  }
}

}  // namespace perigee
