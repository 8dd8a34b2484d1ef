#include "engine/metrics/sink.h"

#include <utility>

#include "engine/base/check.h"

namespace perigee {
namespace {

void add_up(Sink::Counter& into, const Sink::Counter& other) {
  into.sum += other.sum;
  into.samples += other.samples;
}

void add_up(Sink::Gauge& into, const Sink::Gauge& other) {
  if (other.samples == 0) return;
  if (into.samples == 0 || other.at >= into.at) {
    into.value = other.value;
    into.at = other.at;
  }
  into.min = std::min(into.min, other.min);
  into.max = std::max(into.max, other.max);
  into.samples += other.samples;
}

void add_up(Sink::Rate& into, const Sink::Rate& other) {
  into.nonzero += other.nonzero;
  into.total += other.total;
}

void add_up(Histogram& into, const Histogram& other) {
  into.merge(other);
}

uint64_t samples_of(const Sink::Counter& counter) {
  return counter.samples;
}
uint64_t samples_of(const Sink::Gauge& gauge) {
  return gauge.samples;
}
uint64_t samples_of(const Sink::Rate& rate) {
  return rate.total;
}
uint64_t samples_of(const Histogram& trend) {
  return trend.count();
}

}  // namespace

Sink::Sink(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      value_ = Counter{};
      break;
    case MetricKind::kGauge:
      value_ = Gauge{};
      break;
    case MetricKind::kRate:
      value_ = Rate{};
      break;
    case MetricKind::kTrend:
      value_ = Histogram{};
      break;
  }
}

void Sink::merge(const Sink& other) {
  PERIGEE_CHECK(kind() == other.kind());
  std::visit(
      [&](auto& into) {
        using Kind = std::remove_reference_t<decltype(into)>;
        add_up(into, std::get<Kind>(other.value_));
      },
      value_);
}

void Sink::merge(Sink&& other) {
  if (empty() && kind() == MetricKind::kTrend && other.kind() == MetricKind::kTrend &&
      trend().refused() == 0) {
    value_ = std::move(other.value_);
  } else {
    merge(std::as_const(other));
  }
}

uint64_t Sink::samples() const {
  return std::visit([](const auto& value) { return samples_of(value); }, value_);
}

}  // namespace perigee
