// Folds the values of one series, by its metric's kind.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <variant>

#include "engine/base/clock.h"
#include "engine/metrics/histogram.h"
#include "engine/metrics/metric.h"

namespace perigee {

struct CounterTotal {
  double sum = 0;
  uint64_t samples = 0;
};

struct GaugeReading {
  double value = 0;
  double min = std::numeric_limits<double>::infinity();
  double max = -std::numeric_limits<double>::infinity();
  // When `value` was read.
  Instant at{};
  uint64_t samples = 0;
};

struct RateTotal {
  uint64_t nonzero = 0;
  uint64_t total = 0;

  // The share of values that are not zero; 0 when there are none.
  double share() const {
    return total == 0 ? 0 : static_cast<double>(nonzero) / static_cast<double>(total);
  }
};

// A value; merging the sinks of parts gives the sink of the whole.
class Sink {
 public:
  using Counter = CounterTotal;
  using Gauge = GaugeReading;
  using Rate = RateTotal;

  // An empty counter.
  Sink() = default;
  explicit Sink(MetricKind kind);
  explicit Sink(Counter counter) : value_(counter) {}
  explicit Sink(Gauge gauge) : value_(gauge) {}
  explicit Sink(Rate rate) : value_(rate) {}
  explicit Sink(Histogram trend) : value_(std::move(trend)) {}

  // On the path of every request. Of a gauge's values the latest `at` wins.
  void add(double value, Instant at);

  // Both sinks must be of one kind.
  void merge(const Sink& other);
  // Takes over the other's memory where it can; the other is left empty or unchanged.
  void merge(Sink&& other);

  MetricKind kind() const { return static_cast<MetricKind>(value_.index()); }
  uint64_t samples() const;
  bool empty() const { return samples() == 0; }

  // The sink must be of that kind.
  const Counter& counter() const { return std::get<Counter>(value_); }
  const Gauge& gauge() const { return std::get<Gauge>(value_); }
  const Rate& rate() const { return std::get<Rate>(value_); }
  const Histogram& trend() const { return std::get<Histogram>(value_); }

 private:
  // In the order of MetricKind.
  std::variant<Counter, Gauge, Rate, Histogram> value_;
};

inline void Sink::add(double value, Instant at) {
  if (auto* trend = std::get_if<Histogram>(&value_)) {
    trend->add(value);
  } else if (auto* counter = std::get_if<Counter>(&value_)) {
    counter->sum += value;
    ++counter->samples;
  } else if (auto* rate = std::get_if<Rate>(&value_)) {
    rate->nonzero += value == 0 ? 0 : 1;
    ++rate->total;
  } else if (auto* gauge = std::get_if<Gauge>(&value_)) {
    if (gauge->samples == 0 || at >= gauge->at) {
      gauge->value = value;
      gauge->at = at;
    }
    gauge->min = std::min(gauge->min, value);
    gauge->max = std::max(gauge->max, value);
    ++gauge->samples;
  }
}

}  // namespace perigee
