// librdkafka's mock cluster: brokers of this process, on ports of 127.0.0.1.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "modules/kafka/rdkafka.h"

namespace perigee::kafka {

// It has threads of its own. Topics come to be when they are first used, with four partitions.
class MockCluster {
 public:
  // Throws std::runtime_error.
  explicit MockCluster(int brokers);

  // "127.0.0.1:41234,...", as the property bootstrap.servers.
  std::string bootstrap() const;
  // False if there is one of this name, which stays as it is.
  bool create_topic(const std::string& name, int partitions);
  // The next requests of a kind (an API key of Kafka's protocol) fail so.
  void fail_requests(int16_t api_key, const std::vector<ErrorCode>& errors);
  // A broker, by its number from 1 on, ends its connections and takes no others until it is up.
  void set_down(int32_t broker);
  void set_up(int32_t broker);
  void set_round_trip(int32_t broker, int ms);

 private:
  HandlePtr handle_;
  MockClusterPtr cluster_;
};

}  // namespace perigee::kafka
