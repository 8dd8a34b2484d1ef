#include "engine/output/summary_metric.h"

#include <algorithm>
#include <array>

namespace perigee {

SummaryValues summary_values(const Sink& sink, double load_seconds,
                             const std::vector<Aggregate>& trend_stats) {
  switch (sink.kind()) {
    case MetricKind::kCounter: {
      const double sum = sink.counter().sum;
      return {{"count", sum}, {"rate", load_seconds > 0 ? sum / load_seconds : 0}};
    }
    case MetricKind::kGauge: {
      const GaugeReading& gauge = sink.gauge();
      if (gauge.samples == 0) return {{"value", 0}, {"min", 0}, {"max", 0}};
      return {{"value", gauge.value}, {"min", gauge.min}, {"max", gauge.max}};
    }
    case MetricKind::kRate: {
      const RateTotal& rate = sink.rate();
      return {{"rate", rate.share()},
              {"passes", static_cast<double>(rate.nonzero)},
              {"fails", static_cast<double>(rate.total - rate.nonzero)}};
    }
    case MetricKind::kTrend:
      break;
  }
  SummaryValues values;
  for (const Aggregate& stat : trend_stats)
    values.emplace_back(to_string(stat), value_of(stat, sink.trend()));
  return values;
}

bool is_always_shown(std::string_view metric) {
  constexpr std::array<std::string_view, 4> kNames{"data_received", "data_sent",
                                                   "iteration_duration", "iterations"};
  return std::find(kNames.begin(), kNames.end(), metric) != kNames.end();
}

double SummaryMetric::value(std::string_view stat) const {
  const auto found = std::find_if(values.begin(), values.end(),
                                  [&](const auto& value) { return value.first == stat; });
  return found == values.end() ? 0 : found->second;
}

}  // namespace perigee
