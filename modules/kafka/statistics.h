// Reads the statistics that librdkafka writes once a second.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "engine/base/clock.h"
#include "modules/kafka/metrics.h"

namespace perigee::kafka {

// One per client, as counts are those since the client was made.
class Statistics {
 public:
  explicit Statistics(KafkaMetrics& metrics) : metrics_(metrics) {}

  // `text` is the library's JSON; what it does not have is not recorded.
  void record(std::string_view text, Instant at);

 private:
  void record_broker(const nlohmann::json& broker, Instant at);

  KafkaMetrics& metrics_;
  double retries_ = 0;  // recorded so far
};

// What the library knew of a partition a moment ago; -1 where it did not.
struct PartitionState {
  int64_t place = -1;        // the next message to read
  int64_t end = -1;          // behind the last message
  int64_t last_stable = -1;  // where the first transaction that is not over begins
};

// By topic and number.
using PartitionStates = std::map<std::pair<std::string, int32_t>, PartitionState>;

PartitionStates partitions_in(const nlohmann::json& statistics);

// The messages that are still to be read: `place` and `end` are newer than the state, or nothing
// and below 0. For `read_committed` the end is that of the last transaction that is over.
int64_t lag_of(const PartitionState& state, std::optional<int64_t> place, int64_t end,
               bool read_committed);

}  // namespace perigee::kafka
