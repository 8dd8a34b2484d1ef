#include "modules/kafka/binding/reply_hubs.h"

namespace perigee {

kafka::ReplyHub& KafkaReplyHubs::hub(const std::string& identity) {
  const std::lock_guard lock(mutex_);
  auto& hub = hubs_[identity];
  if (!hub) hub = std::make_unique<kafka::ReplyHub>();
  return *hub;
}

}  // namespace perigee
