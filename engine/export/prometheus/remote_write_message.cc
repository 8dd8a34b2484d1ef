#include "engine/export/prometheus/remote_write_message.h"

#include <bit>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/protobuf/wire_writer.h"

namespace perigee::exports {
namespace {

using protobuf::WireWriter;

void put_sample(WireWriter& out, double value, int64_t time_ms) {
  const auto sample = out.begin(2);
  out.double_field(1, value);
  out.int_field(2, time_ms);
  out.end(sample);
}

// Both versions have the same message. A stale one has the marker as its sum, and nothing else.
void put_histogram(WireWriter& out, uint32_t field, const NativeHistogram& native, int64_t time_ms,
                   bool stale) {
  const auto message = out.begin(field, 256);
  if (!stale) out.uint_field(1, native.count);
  out.double_field(3, stale ? stale_marker() : native.sum);
  out.sint_field(4, NativeHistogram::kSchema);
  out.double_field(5, NativeHistogram::kZeroThreshold);
  if (!stale) {
    out.uint_field(6, native.zeros);
    write_buckets(out, 8, native.negative);
    write_buckets(out, 11, native.positive);
  }
  out.int_field(15, time_ms);
  out.end(message);
}

void put_point(WireWriter& out, uint32_t histograms_field, const WrittenSeries& series,
               int64_t time_ms, bool stale) {
  if (series.histogram) {
    put_histogram(out, histograms_field, *series.histogram, time_ms, stale);
  } else {
    put_sample(out, stale ? stale_marker() : series.value, time_ms);
  }
}

std::string write_v1(std::span<const WrittenSeries> all, int64_t time_ms, bool stale) {
  std::string message;
  WireWriter out(message);
  for (const WrittenSeries& series : all) {
    const auto entry = out.begin(1, 256);
    for (const auto& [name, value] : series.labels) {
      const auto label = out.begin(1);
      out.bytes_field(1, name);
      out.bytes_field(2, value);
      out.end(label);
    }
    put_point(out, 4, series, time_ms, stale);
    out.end(entry);
  }
  return message;
}

// Every text stands once; the first is empty.
class Symbols {
 public:
  Symbols() { number_of(""); }

  uint32_t number_of(std::string_view text) {
    const auto [place, is_new] = numbers_.try_emplace(text, static_cast<uint32_t>(all_.size()));
    if (is_new) all_.push_back(text);
    return place->second;
  }
  const std::vector<std::string_view>& all() const { return all_; }

 private:
  std::vector<std::string_view> all_;
  std::unordered_map<std::string_view, uint32_t> numbers_;
};

std::string write_v2(std::span<const WrittenSeries> all, int64_t time_ms, bool stale) {
  std::string message;
  WireWriter out(message);
  Symbols symbols;
  for (const WrittenSeries& series : all) {
    const auto entry = out.begin(5, 64);
    const auto references = out.begin(1);
    for (const auto& [name, value] : series.labels) {
      out.varint(symbols.number_of(name));
      out.varint(symbols.number_of(value));
    }
    out.end(references);
    put_point(out, 3, series, time_ms, stale);
    const auto metadata = out.begin(5);
    out.uint_field(1, static_cast<uint64_t>(series.type));
    out.end(metadata);
    out.end(entry);
  }
  for (const std::string_view symbol : symbols.all())
    out.bytes_field(4, symbol);
  return message;
}

}  // namespace

double stale_marker() {
  return std::bit_cast<double>(uint64_t{0x7ff0'0000'0000'0002});
}

std::string write_request(WriteVersion version, std::span<const WrittenSeries> series,
                          int64_t time_ms, bool stale) {
  return version == WriteVersion::kV1 ? write_v1(series, time_ms, stale)
                                      : write_v2(series, time_ms, stale);
}

}  // namespace perigee::exports
