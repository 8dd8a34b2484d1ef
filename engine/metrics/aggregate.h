// The single numbers that thresholds and summaries take of a distribution: "avg", "p(95)".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/metrics/histogram.h"

namespace perigee {

struct Aggregate {
  enum class Kind { kCount, kRate, kValue, kAvg, kMin, kMed, kMax, kPercentile };

  Kind kind = Kind::kAvg;
  // From 0 to 100, for Kind::kPercentile.
  double percentile = 0;

  bool operator==(const Aggregate&) const = default;
};

// Reads one of count, rate, value, avg, min, med, max, p(N); nothing if it is none of these.
std::optional<Aggregate> parse_aggregate(std::string_view text);

// As `parse_aggregate` reads it: "p(99.9)".
std::string to_string(const Aggregate& aggregate);

// The number for a trend. kRate and kValue have no meaning there and give 0.
double value_of(const Aggregate& aggregate, const Histogram& trend);

}  // namespace perigee
