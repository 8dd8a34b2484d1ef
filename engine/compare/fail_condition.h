// What makes a comparison fail: "http_req_duration p(95) worse by 5%".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/compare/comparison.h"
#include "engine/metrics/registry.h"

namespace perigee::compare {

struct FailCondition {
  enum class Kind { kWorse, kHigher, kLower };

  std::string source;  // as written
  std::string metric;  // or the name of its part
  std::string statistic;
  int direction = 0;  // as direction_of has it
  Kind kind = Kind::kWorse;
  double share = 0;  // 0.05 of "5%"
};

// Reads METRIC STATISTIC worse|higher|lower by N%. The statistic may be left out where there is but
// one. Throws ConfigError that says what is wrong and what there is.
// `parts` has those that were measured.
FailCondition parse_fail_condition(std::string_view source, const MetricRegistry& registry,
                                   const MetricParts& parts = MetricParts());

// The part of a metric that a condition is about: "http_req_duration{name:a} p(95) worse by 5%".
// Nothing if it is about a whole metric. Throws ConfigError.
std::optional<MetricSelector> part_of_condition(std::string_view source);

// Whether the change is at least as large as the condition says, and not by chance. Where the runs
// are too short to tell chance from change, by the bare figures.
bool is_met(const FailCondition& condition, const Comparison& comparison);

}  // namespace perigee::compare
