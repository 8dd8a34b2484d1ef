#include "engine/export/opentelemetry/otlp_message.h"

#include <bit>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "engine/export/classic_histogram.h"
#include "engine/export/metric_help.h"
#include "engine/export/native_histogram.h"
#include "engine/protobuf/wire_reader.h"
#include "engine/protobuf/wire_writer.h"

namespace perigee::exports {
namespace {

using protobuf::WireWriter;

constexpr uint64_t kCumulative = 2;
// Buckets of an exponential histogram, as OpenTelemetry's own have at most.
constexpr size_t kBuckets = 160;
// OpenTelemetry's own bounds, which are made for milliseconds.
constexpr double kBounds[] = {0,   5,   10,    25,    50,    75,    100,   250,
                              500, 750, 1'000, 2'500, 5'000, 7'500, 10'000};

std::string_view unit_of(const Metric& metric) {
  if (metric.contains == ValueKind::kTime) return "ms";
  return metric.contains == ValueKind::kData ? "By" : "";
}

void put_attribute(WireWriter& out, uint32_t field, std::string_view key, std::string_view value) {
  const auto pair = out.begin(field);
  out.bytes_field(1, key);
  const auto any = out.begin(2);
  out.bytes_field(1, value);
  out.end(any);
  out.end(pair);
}

class Writer {
 public:
  Writer(const SampleBook& book, const OtlpSettings& settings, WallTime started, WallTime now)
      : book_(book),
        settings_(settings),
        started_(static_cast<uint64_t>(started.time_since_epoch().count())),
        now_(static_cast<uint64_t>(now.time_since_epoch().count())) {}

  OtlpMessage write(std::string_view version) {
    OtlpMessage message;
    WireWriter out(message.bytes);
    const auto resource_metrics = out.begin(1, 4096);
    put_resource(out);
    const auto scope_metrics = out.begin(2, 4096);
    const auto scope = out.begin(1);
    out.bytes_field(1, "perigee");
    out.bytes_field(2, version);
    out.end(scope);
    for (const auto& [metric, series] : series_by_metric())
      put_metric(out, book_.registry().at(metric), series);
    out.end(scope_metrics);
    out.end(resource_metrics);
    message.points = points_;
    return message;
  }

 private:
  using SeriesList = std::vector<const BookSeries*>;

  std::map<MetricId, SeriesList> series_by_metric() const {
    std::map<MetricId, SeriesList> all;
    for (const BookSeries& series : book_.series())
      all[series.metric].push_back(&series);
    return all;
  }

  void put_resource(WireWriter& out) const {
    const auto resource = out.begin(1);
    put_attribute(out, 1, "service.name", settings_.service_name);
    put_attribute(out, 1, "service.version", settings_.service_version);
    out.end(resource);
  }

  // "checks.occurred" and "checks.total", as k6 has them where that is asked for.
  void put_counters(WireWriter& out, const Metric& metric, const SeriesList& list) {
    for (const bool occurred : {true, false}) {
      const auto message = out.begin(2, 1024);
      out.bytes_field(1, fmt::format("{}{}.{}", settings_.metric_prefix, metric.name,
                                     occurred ? "occurred" : "total"));
      out.bytes_field(2, help_of(metric));
      const auto data = out.begin(kSumField, 1024);
      for (const BookSeries* series : list) {
        const Sink::Rate& rate = series->total.rate();
        put_number(out, *series, static_cast<double>(occurred ? rate.nonzero : rate.total));
      }
      out.uint_field(2, kCumulative);
      out.bool_field(3, true);
      out.end(data);
      out.end(message);
    }
  }

  void put_metric(WireWriter& out, const Metric& metric, const SeriesList& list) {
    if (metric.kind == MetricKind::kRate && !settings_.single_counter_for_rate) {
      return put_counters(out, metric, list);
    }
    const auto message = out.begin(2, 1024);
    out.bytes_field(1, settings_.metric_prefix + metric.name);
    out.bytes_field(2, help_of(metric));
    if (metric.kind != MetricKind::kRate) out.bytes_field(3, unit_of(metric));
    const auto data = out.begin(data_field(metric.kind), 1024);
    for (const BookSeries* series : list)
      put_series(out, *series);
    if (metric.kind != MetricKind::kGauge) out.uint_field(2, kCumulative);
    if (data_field(metric.kind) == kSumField) out.bool_field(3, true);
    out.end(data);
    out.end(message);
  }

  static constexpr uint32_t kSumField = 7;

  uint32_t data_field(MetricKind kind) const {
    if (kind == MetricKind::kGauge) return 5;
    if (kind != MetricKind::kTrend) return kSumField;
    return settings_.exponential_histograms ? 10 : 9;
  }

  void put_series(WireWriter& out, const BookSeries& series) {
    const Sink& total = series.total;
    switch (total.kind()) {
      case MetricKind::kCounter:
        return put_number(out, series, total.counter().sum);
      case MetricKind::kGauge:
        return put_number(out, series, total.gauge().value);
      case MetricKind::kRate: {
        const Sink::Rate& rate = total.rate();
        put_number(out, series, static_cast<double>(rate.nonzero), "nonzero");
        return put_number(out, series, static_cast<double>(rate.total - rate.nonzero), "zero");
      }
      case MetricKind::kTrend:
        return settings_.exponential_histograms ? put_exponential(out, series)
                                                : put_histogram(out, series);
    }
  }

  void put_times(WireWriter& out) {
    ++points_;
    out.fixed64_field(2, started_);
    out.fixed64_field(3, now_);
  }

  void put_tags(WireWriter& out, uint32_t field, const BookSeries& series) const {
    for (const auto& [key, value] : book_.tags(series.tags)) {
      if (!value.empty()) put_attribute(out, field, label_value(key), label_value(value));
    }
  }

  void put_number(WireWriter& out, const BookSeries& series, double value,
                  std::string_view condition = {}) {
    const auto point = out.begin(1, 256);
    put_times(out);
    out.double_field(4, value);
    put_tags(out, 7, series);
    if (!condition.empty()) put_attribute(out, 7, "condition", condition);
    out.end(point);
  }

  void put_histogram(WireWriter& out, const BookSeries& series) {
    const Histogram& trend = series.total.trend();
    std::vector<uint64_t> counts = cumulative_counts(trend, 1, kBounds);
    counts.push_back(trend.count());
    for (size_t i = counts.size() - 1; i > 0; --i)
      counts[i] -= counts[i - 1];
    const auto point = out.begin(1, 512);
    put_times(out);
    out.fixed64_field(4, trend.count());
    out.double_field(5, trend.sum());
    const auto packed_counts = out.begin(6);
    for (const uint64_t count : counts)
      out.fixed64(count);
    out.end(packed_counts);
    const auto packed_bounds = out.begin(7);
    for (const double bound : kBounds)
      out.fixed64(std::bit_cast<uint64_t>(bound));
    out.end(packed_bounds);
    put_tags(out, 9, series);
    out.double_field(11, trend.min());
    out.double_field(12, trend.max());
    out.end(point);
  }

  void put_exponential(WireWriter& out, const BookSeries& series) {
    const Histogram& trend = series.total.trend();
    const NativeHistogram native = native_histogram(trend, 1);
    const auto point = out.begin(1, 512);
    put_tags(out, 1, series);
    put_times(out);
    out.fixed64_field(4, native.count);
    out.double_field(5, native.sum);
    out.sint_field(6, NativeHistogram::kSchema);
    out.fixed64_field(7, native.zeros);
    put_window(out, 8, native.positive);
    put_window(out, 9, native.negative);
    out.double_field(12, trend.min());
    out.double_field(13, trend.max());
    out.end(point);
  }

  // A bucket here is named by its lower end, in Prometheus by its upper one.
  static void put_window(WireWriter& out, uint32_t field, const NativeBuckets& buckets) {
    const BucketWindow window = window_of(buckets, kBuckets);
    if (window.counts.empty()) return;
    const auto message = out.begin(field);
    out.sint_field(1, window.first - 1);
    const auto packed = out.begin(2);
    for (const uint64_t count : window.counts)
      out.varint(count);
    out.end(packed);
    out.end(message);
  }

  const SampleBook& book_;
  const OtlpSettings& settings_;
  const uint64_t started_;
  const uint64_t now_;
  uint64_t points_ = 0;
};

}  // namespace

OtlpMessage otlp_message(const SampleBook& book, const OtlpSettings& settings,
                         std::string_view version, WallTime started, WallTime now) {
  return Writer(book, settings, started, now).write(version);
}

OtlpRefusal read_otlp_response(std::string_view response) {
  OtlpRefusal refusal;
  protobuf::WireReader reader(response);
  while (reader.next()) {
    if (reader.field() != 1) continue;
    protobuf::WireReader partial(reader.bytes());
    while (partial.next()) {
      if (partial.field() == 1) refusal.points = partial.varint();
      if (partial.field() == 2) refusal.reason = label_value(partial.bytes());
    }
  }
  return refusal;
}

}  // namespace perigee::exports
