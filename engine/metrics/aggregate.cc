#include "engine/metrics/aggregate.h"

#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace perigee {
namespace {

using Kind = Aggregate::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 7> kNames{{{"count", Kind::kCount},
                                                                   {"rate", Kind::kRate},
                                                                   {"value", Kind::kValue},
                                                                   {"avg", Kind::kAvg},
                                                                   {"min", Kind::kMin},
                                                                   {"med", Kind::kMed},
                                                                   {"max", Kind::kMax}}};

// Reads "p(N)" with N from 0 to 100.
std::optional<double> parse_percentile(std::string_view text) {
  if (text.size() < 4 || text.substr(0, 2) != "p(" || text.back() != ')') return std::nullopt;
  const std::string_view number = text.substr(2, text.size() - 3);
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  const bool whole = error == std::errc() && end == number.data() + number.size();
  return whole && value >= 0 && value <= 100 ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<Aggregate> parse_aggregate(std::string_view text) {
  for (const auto& [name, kind] : kNames) {
    if (text == name) return Aggregate{.kind = kind};
  }
  const auto percentile = parse_percentile(text);
  if (!percentile) return std::nullopt;
  return Aggregate{.kind = Kind::kPercentile, .percentile = *percentile};
}

std::string to_string(const Aggregate& aggregate) {
  for (const auto& [name, kind] : kNames) {
    if (aggregate.kind == kind) return std::string(name);
  }
  return fmt::format("p({})", aggregate.percentile);
}

double value_of(const Aggregate& aggregate, const Histogram& trend) {
  switch (aggregate.kind) {
    case Kind::kCount:
      return static_cast<double>(trend.count());
    case Kind::kAvg:
      return trend.avg();
    case Kind::kMin:
      return trend.min();
    case Kind::kMed:
      return trend.percentile(50);
    case Kind::kMax:
      return trend.max();
    case Kind::kPercentile:
      return trend.percentile(aggregate.percentile);
    case Kind::kRate:
    case Kind::kValue:
      break;
  }
  return 0;
}

}  // namespace perigee
