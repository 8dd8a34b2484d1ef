#include "engine/metrics/snapshot.h"

#include <map>
#include <stdexcept>
#include <utility>

#include "engine/metrics/byte_stream.h"

namespace perigee {
namespace {

constexpr std::string_view kMagic = "perigee snapshot";
constexpr uint8_t kVersion = 1;

// Gives each distinct thing the next number when it is first asked for.
template <typename T>
class Numbering {
 public:
  uint64_t number(const T& thing) {
    const auto [place, is_new] = numbers_.emplace(thing, order_.size());
    if (is_new) order_.push_back(thing);
    return place->second;
  }
  const std::vector<T>& order() const { return order_; }

 private:
  std::map<T, uint64_t> numbers_;
  std::vector<T> order_;
};

void write_trend(ByteWriter& out, const Histogram& trend) {
  const Histogram::Parts parts = trend.parts();
  out.number(parts.zeros);
  out.number(parts.refused);
  out.real(parts.sum);
  out.real(parts.min);
  out.real(parts.max);
  out.number(parts.buckets.size());
  int32_t previous = 0;
  for (const auto& [bucket, count] : parts.buckets) {
    out.signed_number(bucket - previous);
    out.number(count);
    previous = bucket;
  }
}

void write_gauge(ByteWriter& out, const Sink::Gauge& gauge, Instant from) {
  out.number(gauge.samples);
  out.real(gauge.value);
  out.real(gauge.min);
  out.real(gauge.max);
  out.signed_number((gauge.at - from).count());
}

void write_sink(ByteWriter& out, const Sink& sink, Instant from) {
  switch (sink.kind()) {
    case MetricKind::kCounter:
      out.number(sink.counter().samples);
      out.real(sink.counter().sum);
      break;
    case MetricKind::kGauge:
      write_gauge(out, sink.gauge(), from);
      break;
    case MetricKind::kRate:
      out.number(sink.rate().nonzero);
      out.number(sink.rate().total);
      break;
    case MetricKind::kTrend:
      write_trend(out, sink.trend());
      break;
  }
}

void write_tags(ByteWriter& out, const TagSet& tags) {
  out.number(tags.size());
  for (const auto& [key, value] : tags) {
    out.text(key);
    out.text(value);
  }
}

void write_head(ByteWriter& out, const Snapshot& snapshot) {
  out.text(kMagic);
  out.byte(kVersion);
  out.number(snapshot.worker);
  out.signed_number(snapshot.from.time_since_epoch().count());
  out.signed_number((snapshot.to - snapshot.from).count());
  out.signed_number(snapshot.vus_active);
  out.signed_number(snapshot.vus_initialized);
  out.byte(snapshot.last ? 1 : 0);
}

Histogram read_trend(ByteReader& in) {
  Histogram::Parts parts;
  parts.zeros = in.number();
  parts.refused = in.number();
  parts.sum = in.real();
  parts.min = in.real();
  parts.max = in.real();
  int64_t bucket = 0;
  for (size_t left = in.count(); left > 0; --left) {
    // Both limits keep the sum from overflowing; the histogram checks the range of its buckets.
    const int64_t step = in.signed_number();
    if (step < -1'000'000 || step > 1'000'000) throw std::runtime_error("a bucket is out of range");
    bucket += step;
    if (bucket < Histogram::kLowestBucket || bucket > Histogram::kHighestBucket) {
      throw std::runtime_error("a bucket is out of range");
    }
    parts.buckets.emplace_back(static_cast<int32_t>(bucket), in.number());
  }
  return Histogram::from(parts);
}

Sink::Gauge read_gauge(ByteReader& in, Instant from) {
  Sink::Gauge gauge;
  gauge.samples = in.number();
  gauge.value = in.real();
  gauge.min = in.real();
  gauge.max = in.real();
  gauge.at = from + Duration(in.signed_number());
  return gauge;
}

Sink read_sink(ByteReader& in, MetricKind kind, Instant from) {
  switch (kind) {
    case MetricKind::kCounter: {
      const uint64_t samples = in.number();
      return Sink(Sink::Counter{.sum = in.real(), .samples = samples});
    }
    case MetricKind::kGauge:
      return Sink(read_gauge(in, from));
    case MetricKind::kRate: {
      const uint64_t nonzero = in.number();
      return Sink(Sink::Rate{.nonzero = nonzero, .total = in.number()});
    }
    case MetricKind::kTrend:
      break;
  }
  return Sink(read_trend(in));
}

void read_head(ByteReader& in, Snapshot& snapshot) {
  if (in.text() != kMagic) throw std::runtime_error("these bytes are something else");
  const uint8_t version = in.byte();
  if (version != kVersion) {
    throw std::runtime_error("its version is " + std::to_string(version) + ", known is " +
                             std::to_string(kVersion));
  }
  snapshot.worker = static_cast<uint32_t>(in.number());
  snapshot.from = Instant(Duration(in.signed_number()));
  snapshot.to = snapshot.from + Duration(in.signed_number());
  snapshot.vus_active = in.signed_number();
  snapshot.vus_initialized = in.signed_number();
  snapshot.last = in.byte() != 0;
}

Metric read_metric(ByteReader& in) {
  Metric metric;
  metric.name = in.text();
  const uint8_t kind = in.byte();
  const uint8_t contains = in.byte();
  if (kind > static_cast<uint8_t>(MetricKind::kTrend) ||
      contains > static_cast<uint8_t>(ValueKind::kData)) {
    throw std::runtime_error("metric \"" + metric.name + "\" is of an unknown kind");
  }
  metric.kind = static_cast<MetricKind>(kind);
  metric.contains = static_cast<ValueKind>(contains);
  return metric;
}

std::shared_ptr<const TagSet> read_tags(ByteReader& in) {
  TagSet tags;
  for (size_t left = in.count(); left > 0; --left) {
    const std::string_view key = in.text();
    tags.set(key, in.text());
  }
  return std::make_shared<const TagSet>(std::move(tags));
}

template <typename Read>
auto read_list(ByteReader& in, Read read) {
  std::vector<decltype(read(in))> list;
  for (size_t left = in.count(); left > 0; --left)
    list.push_back(read(in));
  return list;
}

// Metrics are numbered as the bytes number them until all has been read.
Snapshot read_all(ByteReader& in, std::vector<Metric>& metrics) {
  Snapshot snapshot;
  read_head(in, snapshot);
  metrics = read_list(in, read_metric);
  const auto tag_sets = read_list(in, read_tags);
  for (size_t left = in.count(); left > 0; --left) {
    const uint64_t metric = in.number();
    const uint64_t tags = in.number();
    if (metric >= metrics.size() || tags >= tag_sets.size()) {
      throw std::runtime_error("a series refers to nothing");
    }
    snapshot.series.push_back({static_cast<MetricId>(metric), tag_sets[tags],
                               read_sink(in, metrics[metric].kind, snapshot.from)});
  }
  if (!in.at_end()) throw std::runtime_error("there are bytes after its end");
  return snapshot;
}

}  // namespace

std::string write_snapshot(const Snapshot& snapshot, const MetricRegistry& registry) {
  Numbering<MetricId> metrics;
  Numbering<const TagSet*> tag_sets;
  ByteWriter series;
  ByteWriter out;
  write_head(out, snapshot);
  series.number(snapshot.series.size());
  for (const SeriesDelta& delta : snapshot.series) {
    series.number(metrics.number(delta.metric));
    series.number(tag_sets.number(delta.tags.get()));
    write_sink(series, delta.sink, snapshot.from);
  }
  out.number(metrics.order().size());
  for (MetricId id : metrics.order()) {
    const Metric& metric = registry.at(id);
    out.text(metric.name);
    out.byte(static_cast<uint8_t>(metric.kind));
    out.byte(static_cast<uint8_t>(metric.contains));
  }
  out.number(tag_sets.order().size());
  for (const TagSet* tags : tag_sets.order())
    write_tags(out, *tags);
  return out.take() + series.take();
}

Snapshot read_snapshot(std::string_view bytes, MetricRegistry& registry) {
  std::vector<Metric> metrics;
  try {
    ByteReader in(bytes);
    Snapshot snapshot = read_all(in, metrics);
    for (Metric& metric : metrics) {
      metric.id = registry.add(metric.name, metric.kind, metric.contains);
    }
    for (SeriesDelta& delta : snapshot.series)
      delta.metric = metrics[delta.metric].id;
    return snapshot;
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(std::string("can't read the snapshot: ") + error.what());
  }
}

}  // namespace perigee
