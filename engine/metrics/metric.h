// What a metric is: its identity, never its values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace perigee {

// Counters add up, gauges keep the last value, rates count how many values are not zero, trends
// keep the distribution.
enum class MetricKind : uint8_t { kCounter, kGauge, kRate, kTrend };

// What the numbers are: plain, milliseconds, or bytes. Decides how they are shown.
enum class ValueKind : uint8_t { kDefault, kTime, kData };

// A metric's place in its registry.
using MetricId = uint32_t;

struct Metric {
  MetricId id = 0;
  std::string name;
  MetricKind kind = MetricKind::kCounter;
  ValueKind contains = ValueKind::kDefault;
};

// "counter", "gauge", "rate" or "trend": the words of k6's files.
constexpr std::string_view to_string(MetricKind kind) {
  constexpr std::string_view kNames[] = {"counter", "gauge", "rate", "trend"};
  return kNames[static_cast<size_t>(kind)];
}

// "default", "time" or "data".
constexpr std::string_view to_string(ValueKind contains) {
  constexpr std::string_view kNames[] = {"default", "time", "data"};
  return kNames[static_cast<size_t>(contains)];
}

}  // namespace perigee
