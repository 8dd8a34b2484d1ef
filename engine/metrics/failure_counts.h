// Names the counters of what goes wrong: in a good run they have no samples, and 0 is their count.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace perigee {

constexpr bool counts_failures(std::string_view metric) {
  constexpr std::array<std::string_view, 7> kNames{
      "http_reqs_retried",     "dropped_iterations", "iteration_errors", "tag_sets_refused",
      "kafka_messages_failed", "kafka_retries",      "kafka_errors"};
  return metric.ends_with("_interrupted") ||
         std::find(kNames.begin(), kNames.end(), metric) != kNames.end();
}

}  // namespace perigee
