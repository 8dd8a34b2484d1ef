#include "engine/results/record_writer.h"

#include "engine/protobuf/wire_writer.h"

namespace perigee::results {
namespace {

using protobuf::WireWriter;

// Fields with their default are left out, as proto3 has it.
void put_text(WireWriter& out, uint32_t field, const std::string& text) {
  if (!text.empty()) out.bytes_field(field, text);
}

void put_number(WireWriter& out, uint32_t field, uint64_t number) {
  if (number != 0) out.uint_field(field, number);
}

void put_time(WireWriter& out, uint32_t field, Duration time) {
  if (time != Duration::zero()) out.int_field(field, time.count());
}

void put_real(WireWriter& out, uint32_t field, double number) {
  if (number != 0) out.double_field(field, number);
}

void put_tags(WireWriter& out, uint32_t field, const TagSet& tags) {
  for (const auto& [key, value] : tags) {
    const auto entry = out.begin(field);
    out.bytes_field(1, key);
    out.bytes_field(2, value);
    out.end(entry);
  }
}

void put(WireWriter& out, uint32_t field, const Metric& metric) {
  const auto message = out.begin(field);
  put_number(out, 1, metric.id);
  put_text(out, 2, metric.name);
  put_number(out, 3, static_cast<uint64_t>(metric.kind));
  put_number(out, 4, static_cast<uint64_t>(metric.contains));
  out.end(message);
}

void put(WireWriter& out, uint32_t field, const TagSetRecord& record) {
  const auto message = out.begin(field);
  put_number(out, 1, record.id);
  put_tags(out, 2, record.tags);
  out.end(message);
}

void put_value(WireWriter& out, const Sink::Counter& counter) {
  put_real(out, 1, counter.sum);
  put_number(out, 2, counter.samples);
}

void put_value(WireWriter& out, const Sink::Gauge& gauge) {
  put_real(out, 1, gauge.value);
  put_real(out, 2, gauge.min);
  put_real(out, 3, gauge.max);
  put_time(out, 4, gauge.at.time_since_epoch());
  put_number(out, 5, gauge.samples);
}

void put_value(WireWriter& out, const Sink::Rate& rate) {
  put_number(out, 1, rate.nonzero);
  put_number(out, 2, rate.total);
}

void put_buckets(WireWriter& out, const Histogram::Parts& parts) {
  const auto steps = out.begin(6, 2 * parts.buckets.size());
  int32_t previous = 0;
  for (const auto& bucket : parts.buckets) {
    out.varint(protobuf::zigzag(bucket.first - previous));
    previous = bucket.first;
  }
  out.end(steps);
  const auto counts = out.begin(7, 2 * parts.buckets.size());
  for (const auto& bucket : parts.buckets)
    out.varint(bucket.second);
  out.end(counts);
}

void put_value(WireWriter& out, const Histogram& trend) {
  const Histogram::Parts parts = trend.parts();
  put_real(out, 1, parts.sum);
  put_real(out, 2, parts.min);
  put_real(out, 3, parts.max);
  put_number(out, 4, parts.zeros);
  put_number(out, 5, parts.refused);
  if (!parts.buckets.empty()) put_buckets(out, parts);
}

void put_value(WireWriter& out, const Sink& sink) {
  switch (sink.kind()) {
    case MetricKind::kCounter:
      return put_value(out, sink.counter());
    case MetricKind::kGauge:
      return put_value(out, sink.gauge());
    case MetricKind::kRate:
      return put_value(out, sink.rate());
    case MetricKind::kTrend:
      return put_value(out, sink.trend());
  }
}

void put(WireWriter& out, uint32_t field, const SeriesRecord& series) {
  constexpr uint32_t kFirstValue = 3;  // in the order of MetricKind
  const auto message = out.begin(field);
  put_number(out, 1, series.metric);
  put_number(out, 2, series.tag_set);
  const auto value = out.begin(kFirstValue + static_cast<uint32_t>(series.sink.kind()));
  put_value(out, series.sink);
  out.end(value);
  out.end(message);
}

void put(WireWriter& out, uint32_t field, const ThresholdRecord& threshold) {
  const auto message = out.begin(field);
  put_text(out, 1, threshold.selector);
  put_text(out, 2, threshold.expression);
  out.end(message);
}

template <typename Records>
void put_all(WireWriter& out, uint32_t field, const Records& records) {
  for (const auto& record : records)
    put(out, field, record);
}

}  // namespace

void write_record(const Header& header, std::string& bytes) {
  WireWriter out(bytes);
  put_number(out, 1, header.version);
  put_text(out, 2, header.run_id);
  put_text(out, 3, header.program);
  put_time(out, 4, header.started.time_since_epoch());
  put_text(out, 5, header.script);
  put_text(out, 6, header.script_sha256);
  put_text(out, 7, header.options_json);
  put_text(out, 8, header.host);
  put_number(out, 9, header.cpus);
  put_number(out, 10, header.workers);
  put_text(out, 11, header.segment);
  put_tags(out, 12, header.tags);
  for (const std::string& scenario : header.scenarios)
    out.bytes_field(13, scenario);
  put_all(out, 14, header.thresholds);
  for (const std::string& part : header.parts)
    out.bytes_field(15, part);
}

void write_record(const Interval& interval, std::string& bytes) {
  WireWriter out(bytes);
  put_number(out, 1, interval.number);
  put_time(out, 2, interval.from);
  put_time(out, 3, interval.to);
  put_time(out, 4, interval.load);
  put_number(out, 5, static_cast<uint64_t>(interval.vus));
  put_number(out, 6, static_cast<uint64_t>(interval.vus_max));
  put_all(out, 7, interval.metrics);
  put_all(out, 8, interval.tag_sets);
  put_all(out, 9, interval.series);
  put_number(out, 10, interval.after_load ? 1 : 0);
}

void write_record(const End& end, std::string& bytes) {
  WireWriter out(bytes);
  put_text(out, 1, end.reason);
  put_time(out, 2, end.ended);
  put_real(out, 3, end.load_seconds);
  for (const std::string& warning : end.warnings)
    out.bytes_field(4, warning);
  put_number(out, 5, end.marked_failed ? 1 : 0);
  put_text(out, 6, end.error);
}

}  // namespace perigee::results
