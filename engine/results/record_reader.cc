#include "engine/results/record_reader.h"

#include <bit>
#include <stdexcept>
#include <string>
#include <utility>

#include "engine/protobuf/wire_reader.h"

namespace perigee::results {
namespace {

using protobuf::WireCursor;
using protobuf::WireReader;

void check(protobuf::WireFault fault) {
  if (fault == protobuf::WireFault::kNone) return;
  throw std::runtime_error("a message in it is damaged: " + std::string(describe(fault)));
}

// Calls `take(reader)` for each field.
template <typename Take>
void for_fields(std::string_view message, Take take) {
  WireReader reader(message);
  while (reader.next())
    take(reader);
  check(reader.fault());
}

std::string text(WireReader& reader) {
  return std::string(reader.bytes());
}

Duration time(WireReader& reader) {
  return Duration(static_cast<int64_t>(reader.varint()));
}

double real(WireReader& reader) {
  return std::bit_cast<double>(reader.fixed64());
}

void read_tag(std::string_view entry, TagSet& tags) {
  std::string_view key;
  std::string_view value;
  for_fields(entry, [&](WireReader& reader) {
    if (reader.field() == 1) key = reader.bytes();
    if (reader.field() == 2) value = reader.bytes();
  });
  tags.set(key, value);
}

ThresholdRecord read_threshold(std::string_view message) {
  ThresholdRecord threshold;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) threshold.selector = text(reader);
    if (reader.field() == 2) threshold.expression = text(reader);
  });
  return threshold;
}

template <typename Enum>
Enum read_enum(WireReader& reader, Enum last) {
  const uint64_t value = reader.varint();
  if (value > static_cast<uint64_t>(last)) {
    throw std::runtime_error("a metric in it is of a kind that is not known");
  }
  return static_cast<Enum>(value);
}

Metric read_metric(std::string_view message) {
  Metric metric;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) metric.id = static_cast<MetricId>(reader.varint());
    if (reader.field() == 2) metric.name = text(reader);
    if (reader.field() == 3) metric.kind = read_enum(reader, MetricKind::kTrend);
    if (reader.field() == 4) metric.contains = read_enum(reader, ValueKind::kData);
  });
  return metric;
}

TagSetRecord read_tag_set(std::string_view message) {
  TagSetRecord record;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) record.id = static_cast<uint32_t>(reader.varint());
    if (reader.field() == 2) read_tag(reader.bytes(), record.tags);
  });
  return record;
}

Sink read_counter(std::string_view message) {
  Sink::Counter counter;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) counter.sum = real(reader);
    if (reader.field() == 2) counter.samples = reader.varint();
  });
  return Sink(counter);
}

Sink read_gauge(std::string_view message) {
  Sink::Gauge gauge{.value = 0, .min = 0, .max = 0};
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) gauge.value = real(reader);
    if (reader.field() == 2) gauge.min = real(reader);
    if (reader.field() == 3) gauge.max = real(reader);
    if (reader.field() == 4) gauge.at = Instant(time(reader));
    if (reader.field() == 5) gauge.samples = reader.varint();
  });
  return Sink(gauge);
}

Sink read_rate(std::string_view message) {
  Sink::Rate rate;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) rate.nonzero = reader.varint();
    if (reader.field() == 2) rate.total = reader.varint();
  });
  return Sink(rate);
}

// Each step leads from one bucket to the next, so that sums stay within the range of buckets.
void read_buckets(std::string_view steps, std::string_view counts, Histogram::Parts& parts) {
  WireCursor step(steps);
  WireCursor count(counts);
  int64_t bucket = 0;
  while (!step.done() && !count.done()) {
    const int64_t by = protobuf::from_zigzag(step.varint());
    const bool in_reach =
        by >= 2 * Histogram::kLowestBucket && by <= 2 * Histogram::kHighestBucket + 1;
    bucket += in_reach ? by : 4 * Histogram::kHighestBucket;
    if (bucket < Histogram::kLowestBucket || bucket > Histogram::kHighestBucket) {
      throw std::runtime_error("a bucket in it is out of range");
    }
    parts.buckets.emplace_back(static_cast<int32_t>(bucket), count.varint());
  }
  check(step.fault());
  check(count.fault());
  if (!step.done() || !count.done()) {
    throw std::runtime_error("a trend in it has not as many counts as buckets");
  }
}

Sink read_trend(std::string_view message) {
  Histogram::Parts parts;
  std::string_view steps;
  std::string_view counts;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) parts.sum = real(reader);
    if (reader.field() == 2) parts.min = real(reader);
    if (reader.field() == 3) parts.max = real(reader);
    if (reader.field() == 4) parts.zeros = reader.varint();
    if (reader.field() == 5) parts.refused = reader.varint();
    if (reader.field() == 6) steps = reader.bytes();
    if (reader.field() == 7) counts = reader.bytes();
  });
  read_buckets(steps, counts, parts);
  return Sink(Histogram::from(parts));
}

SeriesRecord read_series(std::string_view message) {
  SeriesRecord series;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) series.metric = static_cast<uint32_t>(reader.varint());
    if (reader.field() == 2) series.tag_set = static_cast<uint32_t>(reader.varint());
    if (reader.field() == 3) series.sink = read_counter(reader.bytes());
    if (reader.field() == 4) series.sink = read_gauge(reader.bytes());
    if (reader.field() == 5) series.sink = read_rate(reader.bytes());
    if (reader.field() == 6) series.sink = read_trend(reader.bytes());
  });
  return series;
}

}  // namespace

Header read_header(std::string_view message) {
  Header header;
  header.version = 0;
  for_fields(message, [&](WireReader& reader) {
    switch (reader.field()) {
      case 1:
        header.version = static_cast<uint32_t>(reader.varint());
        break;
      case 2:
        header.run_id = text(reader);
        break;
      case 3:
        header.program = text(reader);
        break;
      case 4:
        header.started = WallTime(time(reader));
        break;
      case 5:
        header.script = text(reader);
        break;
      case 6:
        header.script_sha256 = text(reader);
        break;
      case 7:
        header.options_json = text(reader);
        break;
      case 8:
        header.host = text(reader);
        break;
      case 9:
        header.cpus = static_cast<uint32_t>(reader.varint());
        break;
      case 10:
        header.workers = static_cast<uint32_t>(reader.varint());
        break;
      case 11:
        header.segment = text(reader);
        break;
      case 12:
        read_tag(reader.bytes(), header.tags);
        break;
      case 13:
        header.scenarios.push_back(text(reader));
        break;
      case 14:
        header.thresholds.push_back(read_threshold(reader.bytes()));
        break;
      case 15:
        header.parts.push_back(text(reader));
        break;
      default:
        break;
    }
  });
  return header;
}

Interval read_interval(std::string_view message) {
  Interval interval;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) interval.number = reader.varint();
    if (reader.field() == 2) interval.from = time(reader);
    if (reader.field() == 3) interval.to = time(reader);
    if (reader.field() == 4) interval.load = time(reader);
    if (reader.field() == 5) interval.vus = static_cast<int64_t>(reader.varint());
    if (reader.field() == 6) interval.vus_max = static_cast<int64_t>(reader.varint());
    if (reader.field() == 7) interval.metrics.push_back(read_metric(reader.bytes()));
    if (reader.field() == 8) interval.tag_sets.push_back(read_tag_set(reader.bytes()));
    if (reader.field() == 9) interval.series.push_back(read_series(reader.bytes()));
    if (reader.field() == 10) interval.after_load = reader.varint() != 0;
  });
  return interval;
}

End read_end(std::string_view message) {
  End end;
  for_fields(message, [&](WireReader& reader) {
    if (reader.field() == 1) end.reason = text(reader);
    if (reader.field() == 2) end.ended = time(reader);
    if (reader.field() == 3) end.load_seconds = real(reader);
    if (reader.field() == 4) end.warnings.push_back(text(reader));
    if (reader.field() == 5) end.marked_failed = reader.varint() != 0;
    if (reader.field() == 6) end.error = text(reader);
  });
  return end;
}

}  // namespace perigee::results
