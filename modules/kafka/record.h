// A message as it is given to a producer.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "modules/kafka/rdkafka.h"

namespace perigee::kafka {

using Headers = std::vector<std::pair<std::string_view, std::string_view>>;

// Views are used within the call only. No value is a message that deletes (a tombstone).
struct Record {
  std::string_view topic;
  std::optional<std::string_view> value{};
  std::optional<std::string_view> key{};
  int32_t partition = RD_KAFKA_PARTITION_UA;  // chosen by the producer's partitioner
  int64_t timestamp = 0;                      // milliseconds; 0: now
  Headers headers{};

  size_t bytes() const { return (value ? value->size() : 0) + (key ? key->size() : 0); }
};

// The header that says when a message was produced, in nanoseconds since 1970, as decimal digits.
inline constexpr std::string_view kSentHeader = "perigee-sent";

}  // namespace perigee::kafka
