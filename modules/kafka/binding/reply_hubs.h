// The hubs of a run's replies, which its workers share.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "modules/kafka/reply_hub.h"

namespace perigee {

// Thread-safe.
class KafkaReplyHubs {
 public:
  // The hub of clients whose settings are `identity`. Lives as long as this.
  kafka::ReplyHub& hub(const std::string& identity);

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<kafka::ReplyHub>> hubs_;
};

}  // namespace perigee
