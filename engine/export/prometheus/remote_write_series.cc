#include "engine/export/prometheus/remote_write_series.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "engine/export/prometheus/metric_family.h"

namespace perigee::exports {
namespace {

LabelSet named(const LabelSet& tags, std::string name) {
  LabelSet labels;
  labels.reserve(tags.size() + 1);
  labels = tags;
  LabelSet::value_type own("__name__", std::move(name));
  labels.insert(std::lower_bound(labels.begin(), labels.end(), own), std::move(own));
  return labels;
}

std::string_view native_unit(ValueKind contains) {
  if (contains == ValueKind::kTime) return "_seconds";
  return contains == ValueKind::kData ? "_bytes" : "";
}

class Writer {
 public:
  Writer(const SampleBook& book, std::span<const TrendStat> stats, bool native)
      : book_(book), stats_(stats), native_(native) {}

  void add(const BookSeries& series) {
    const Metric& metric = book_.registry().at(series.metric);
    switch (metric.kind) {
      case MetricKind::kCounter:
        return add(metric, series, "_total", WrittenType::kCounter, series.total.counter().sum);
      case MetricKind::kGauge:
        return add(metric, series, "", WrittenType::kGauge, series.total.gauge().value);
      case MetricKind::kRate:
        return add(metric, series, "_rate", WrittenType::kGauge, series.total.rate().share());
      case MetricKind::kTrend:
        return native_ ? add_native(metric, series) : add_stats(metric, series);
    }
  }

  std::vector<WrittenSeries> take() { return std::move(all_); }

 private:
  void add(const Metric& metric, const BookSeries& series, std::string_view suffix,
           WrittenType type, double value) {
    all_.push_back({named(book_.labels(series.tags), fmt::format("k6_{}{}", metric.name, suffix)),
                    type, value});
  }

  void add_stats(const Metric& metric, const BookSeries& series) {
    const Histogram& trend = series.total.trend();
    for (const TrendStat& stat : stats_) {
      const double scale = stat.has_unit() ? scale_of(metric.contains) : 1;
      add(metric, series, "_" + stat.suffix, WrittenType::kGauge, stat.value(trend) * scale);
    }
  }

  void add_native(const Metric& metric, const BookSeries& series) {
    add(metric, series, native_unit(metric.contains), WrittenType::kHistogram, 0);
    all_.back().histogram = native_histogram(series.total.trend(), scale_of(metric.contains));
  }

  const SampleBook& book_;
  const std::span<const TrendStat> stats_;
  const bool native_;
  std::vector<WrittenSeries> all_;
};

}  // namespace

std::vector<WrittenSeries> written_series(const SampleBook& book, std::span<const TrendStat> stats,
                                          bool native_histograms) {
  Writer writer(book, stats, native_histograms);
  for (const BookSeries& series : book.series())
    writer.add(series);
  return writer.take();
}

}  // namespace perigee::exports
