// A metric of a run by the second, as numbers that add up, and the figures that sums of them have.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/metrics/metric.h"
#include "engine/reports/time_series.h"

namespace perigee::compare {

// Of trends the histograms' buckets are among the numbers, so that any seconds of a run can be
// added up and have percentiles.
class FigureSeries {
 public:
  // Of the steps in which the load went on. Buckets are those of all steps of both series that are
  // to be compared, so that they fit each other: see `buckets_of`.
  FigureSeries(const Metric& metric, const std::vector<reports::TimeStep>& steps,
               std::vector<int32_t> buckets = {});

  size_t size() const { return size_; }
  size_t width() const { return width_; }
  bool empty() const;
  // The numbers of a step, `width` of them.
  const double* at(size_t step) const { return numbers_.data() + step * width_; }
  // The sum of all steps.
  std::vector<double> total() const;

  // The figures of a sum of steps, in the order of `figure_names`; not a number where there is
  // nothing to tell.
  std::vector<double> figures_of(const std::vector<double>& sum) const;

 private:
  void fill(const reports::TimeStep& step, double* numbers) const;
  double percentile(const std::vector<double>& sum, double percent) const;

  MetricId metric_;
  MetricKind kind_;
  std::vector<int32_t> buckets_;
  size_t width_;
  size_t size_ = 0;
  std::vector<double> numbers_;
};

// The buckets that a trend's values are in, in their order.
std::vector<int32_t> buckets_of(MetricId trend, const std::vector<reports::TimeStep>& steps);
// Those of both.
std::vector<int32_t> joined(const std::vector<int32_t>& a, const std::vector<int32_t>& b);

// "rate" of counters and rates; of trends "avg", "med", "p(95)", "p(99)"; of gauges none.
std::vector<std::string> figure_names(MetricKind kind);

}  // namespace perigee::compare
