#include "engine/compare/figure_series.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>

#include "engine/metrics/histogram.h"

namespace perigee::compare {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
// What stands for the values that are zero, between the negative and the positive buckets.
constexpr int32_t kZeros = 0;
// The numbers in front of the buckets: how many values there are, and their sum.
constexpr size_t kOfTrend = 2;

double ratio(double part, double whole) {
  return whole > 0 ? part / whole : kNothing;
}

double lower_bound_of(int32_t bucket) {
  return (Histogram::middle_of(bucket - 1) + Histogram::middle_of(bucket)) / 2;
}

double upper_bound_of(int32_t bucket) {
  return (Histogram::middle_of(bucket) + Histogram::middle_of(bucket + 1)) / 2;
}

}  // namespace

FigureSeries::FigureSeries(const Metric& metric, const std::vector<reports::TimeStep>& steps,
                           std::vector<int32_t> buckets)
    : metric_(metric.id),
      kind_(metric.kind),
      buckets_(std::move(buckets)),
      width_(kOfTrend + buckets_.size()) {
  for (const reports::TimeStep& step : steps) {
    if (!step.loading) continue;
    numbers_.resize(numbers_.size() + width_);
    fill(step, numbers_.data() + size_ * width_);
    ++size_;
  }
}

void FigureSeries::fill(const reports::TimeStep& step, double* numbers) const {
  const Sink* sink = step.find(metric_);
  if (kind_ == MetricKind::kCounter) numbers[1] = step.seconds();
  if (sink == nullptr) return;
  if (kind_ == MetricKind::kCounter) numbers[0] = sink->counter().sum;
  if (kind_ == MetricKind::kRate) {
    numbers[0] = static_cast<double>(sink->rate().nonzero);
    numbers[1] = static_cast<double>(sink->rate().total);
  }
  if (kind_ != MetricKind::kTrend) return;
  const Histogram::Parts parts = sink->trend().parts();
  numbers[0] = parts.sum;
  numbers[1] = static_cast<double>(sink->trend().count());
  const auto place = [&](int32_t bucket) {
    const auto found = std::lower_bound(buckets_.begin(), buckets_.end(), bucket);
    return numbers + kOfTrend + (found - buckets_.begin());
  };
  if (parts.zeros > 0) *place(kZeros) += static_cast<double>(parts.zeros);
  for (const auto& [bucket, count] : parts.buckets)
    *place(bucket) += static_cast<double>(count);
}

bool FigureSeries::empty() const {
  const std::vector<double> sum = total();
  return kind_ == MetricKind::kCounter ? sum[0] == 0 : sum[1] == 0;
}

std::vector<double> FigureSeries::total() const {
  std::vector<double> sum(width_);
  for (size_t i = 0; i < numbers_.size(); ++i)
    sum[i % width_] += numbers_[i];
  return sum;
}

// Within a bucket values are taken to lie evenly, so that the figure is smooth: runs that differ by
// chance do not jump from the middle of one bucket to the next.
double FigureSeries::percentile(const std::vector<double>& sum, double percent) const {
  if (sum[1] <= 0) return kNothing;
  double rank = sum[1] * percent / 100;
  for (size_t i = 0; i < buckets_.size(); ++i) {
    const double count = sum[kOfTrend + i];
    if (count <= 0 || rank > count) {
      rank -= count;
      continue;
    }
    if (buckets_[i] == kZeros) return 0;
    const double low = lower_bound_of(buckets_[i]);
    return low + (upper_bound_of(buckets_[i]) - low) * rank / count;
  }
  return upper_bound_of(buckets_.back());
}

std::vector<double> FigureSeries::figures_of(const std::vector<double>& sum) const {
  if (kind_ == MetricKind::kGauge) return {};
  if (kind_ != MetricKind::kTrend) return {ratio(sum[0], sum[1])};
  return {ratio(sum[0], sum[1]), percentile(sum, 50), percentile(sum, 95), percentile(sum, 99)};
}

std::vector<int32_t> buckets_of(MetricId trend, const std::vector<reports::TimeStep>& steps) {
  std::set<int32_t> buckets;
  for (const reports::TimeStep& step : steps) {
    const Sink* sink = step.find(trend);
    if (sink == nullptr || sink->kind() != MetricKind::kTrend) continue;
    const Histogram::Parts parts = sink->trend().parts();
    if (parts.zeros > 0) buckets.insert(kZeros);
    for (const auto& [bucket, count] : parts.buckets)
      buckets.insert(bucket);
  }
  return {buckets.begin(), buckets.end()};
}

std::vector<int32_t> joined(const std::vector<int32_t>& a, const std::vector<int32_t>& b) {
  std::vector<int32_t> both;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both;
}

std::vector<std::string> figure_names(MetricKind kind) {
  if (kind == MetricKind::kGauge) return {};
  if (kind == MetricKind::kTrend) return {"avg", "med", "p(95)", "p(99)"};
  return {"rate"};
}

}  // namespace perigee::compare
