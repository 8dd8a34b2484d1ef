#include "engine/export/prometheus/scrape_protobuf.h"

#include "engine/export/classic_histogram.h"
#include "engine/export/native_histogram.h"
#include "engine/protobuf/wire_writer.h"

namespace perigee::exports {
namespace {

using protobuf::WireWriter;

// Values of io.prometheus.client.MetricType.
constexpr uint64_t kCounter = 0;
constexpr uint64_t kGauge = 1;
constexpr uint64_t kHistogram = 4;

void put_labels(WireWriter& out, const LabelSet& labels) {
  for (const auto& [name, value] : labels) {
    const auto pair = out.begin(1);
    out.bytes_field(1, name);
    out.bytes_field(2, value);
    out.end(pair);
  }
}

void put_value(WireWriter& out, uint32_t field, double value) {
  const auto message = out.begin(field);
  out.double_field(1, value);
  out.end(message);
}

void put_native(WireWriter& out, const NativeHistogram& native) {
  out.sint_field(5, NativeHistogram::kSchema);
  out.double_field(6, NativeHistogram::kZeroThreshold);
  out.uint_field(7, native.zeros);
  write_buckets(out, 9, native.negative);
  write_buckets(out, 12, native.positive);
}

void put_classic(WireWriter& out, const Histogram& histogram, ValueKind contains) {
  const auto bounds = classic_bounds(contains);
  const auto counts = cumulative_counts(histogram, scale_of(contains), bounds);
  for (size_t i = 0; i < bounds.size(); ++i) {
    const auto bucket = out.begin(3);
    out.uint_field(1, counts[i]);
    out.double_field(2, bounds[i]);
    out.end(bucket);
  }
}

void put_histogram(WireWriter& out, const Histogram& histogram, ValueKind contains) {
  const NativeHistogram native = native_histogram(histogram, scale_of(contains));
  const auto message = out.begin(7, 1024);
  out.uint_field(1, native.count);
  out.double_field(2, native.sum);
  put_classic(out, histogram, contains);
  put_native(out, native);
  out.end(message);
}

void put_point(WireWriter& out, const MetricFamily& family, const FamilyPoint& point) {
  const auto metric = out.begin(4, 1024);
  put_labels(out, point.labels);
  if (point.histogram != nullptr) {
    put_histogram(out, *point.histogram, family.contains);
  } else {
    put_value(out, family.type == FamilyType::kCounter ? 3 : 2, point.value);
  }
  out.end(metric);
}

uint64_t type_of(FamilyType type) {
  if (type == FamilyType::kCounter) return kCounter;
  return type == FamilyType::kHistogram ? kHistogram : kGauge;
}

std::string name_of(const MetricFamily& family) {
  if (family.type == FamilyType::kCounter) return family.name + "_total";
  return family.type == FamilyType::kInfo ? family.name + "_info" : family.name;
}

std::string message_of(const MetricFamily& family) {
  std::string message;
  WireWriter out(message);
  out.bytes_field(1, name_of(family));
  out.bytes_field(2, family.help);
  out.uint_field(3, type_of(family.type));
  for (const FamilyPoint& point : family.points)
    put_point(out, family, point);
  if (!family.unit.empty()) out.bytes_field(5, family.unit);
  return message;
}

}  // namespace

std::string protobuf_page(const std::vector<MetricFamily>& families) {
  std::string page;
  WireWriter out(page);
  for (const MetricFamily& family : families) {
    const std::string message = message_of(family);
    out.varint(message.size());
    page += message;
  }
  return page;
}

}  // namespace perigee::exports
