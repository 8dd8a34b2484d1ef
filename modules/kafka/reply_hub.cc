#include "modules/kafka/reply_hub.h"

#include <memory>
#include <random>
#include <utility>

#include <fmt/format.h>

namespace perigee::kafka {
namespace {

// Runs against the same topics must not take each other's replies.
std::string random_name() {
  std::random_device device;
  return fmt::format("{:08x}{:08x}", device(), device());
}

}  // namespace

ReplyHub::ReplyHub() : run_(random_name()) {}

bool ReplyHub::join(uint32_t worker, Loop& loop, const std::shared_ptr<ReplyReceiver*>& receiver) {
  const std::lock_guard lock(mutex_);
  members_[worker] = {&loop, receiver};
  return members_.size() == 1;
}

// The receiver is looked at on its own thread only. What is posted when a worker's loop has ended
// is dropped with it, as its waits are.
bool ReplyHub::hand_over(CorrelationId id, Reply reply) {
  const std::lock_guard lock(mutex_);
  const auto member = members_.find(id.worker);
  if (member == members_.end()) return false;
  const auto owned = std::make_shared<const Reply>(std::move(reply));
  member->second.loop->post([receiver = member->second.receiver, wait = id.wait, owned] {
    if (*receiver != nullptr) (*receiver)->on_reply(wait, *owned);
  });
  return true;
}

}  // namespace perigee::kafka
