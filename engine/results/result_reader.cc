#include "engine/results/result_reader.h"

#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/results/record_reader.h"

namespace perigee::results {
namespace {

// More than these are no numbers of things that a run has named.
constexpr uint32_t kMaxNumber = 10'000'000;

// Calls `read`; what is wrong is said of the file.
template <typename Read>
auto read_of(const std::string& path, Read read) {
  try {
    return read();
  } catch (const ConfigError&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw ConfigError(fmt::format("{}: {}", path, error.what()));
  }
}

template <typename Item>
void put_at(std::vector<Item>& items, uint32_t number, Item item) {
  if (number > kMaxNumber) throw std::runtime_error("it numbers more things than a run has");
  if (items.size() <= number) items.resize(number + 1);
  items[number] = std::move(item);
}

}  // namespace

ResultReader::ResultReader(const std::string& path, MetricRegistry& registry)
    : path_(path), registry_(registry), frames_(path) {
  read_of(path_, [this] { read_first(); });
}

void ResultReader::read_first() {
  FrameType type{};
  std::string message;
  if (!frames_.next(type, message) || type != FrameType::kHeader) {
    throw std::runtime_error("it ends before the run began");
  }
  header_ = read_header(message);
  if (header_.version <= kVersion) return;
  throw std::runtime_error(fmt::format("its version is {}, known is {}: read it with {} or newer",
                                       header_.version, kVersion, header_.program));
}

std::optional<Interval> ResultReader::next() {
  return read_of(path_, [this]() -> std::optional<Interval> {
    FrameType type{};
    std::string message;
    while (frames_.next(type, message)) {
      if (type == FrameType::kEnd) end_ = read_end(message);
      if (type != FrameType::kInterval) continue;
      Interval interval = read_interval(message);
      if (interval.number <= last_) continue;  // it came twice
      last_ = interval.number;
      learn(interval);
      check(interval);
      return interval;
    }
    return std::nullopt;
  });
}

void ResultReader::learn(const Interval& interval) {
  for (const Metric& metric : interval.metrics)
    put_at(metrics_, metric.id, std::optional(add(metric)));
  for (const TagSetRecord& record : interval.tag_sets)
    put_at(tag_sets_, record.id, std::make_shared<const TagSet>(record.tags));
}

// Another file may have a metric of this name and of another kind.
MetricId ResultReader::add(const Metric& metric) {
  try {
    return registry_.add(metric.name, metric.kind, metric.contains);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", path_, error.what()));
  }
}

void ResultReader::check(const Interval& interval) const {
  for (const SeriesRecord& series : interval.series) {
    const bool known = series.metric < metrics_.size() && metrics_[series.metric] &&
                       series.tag_set < tag_sets_.size() && tag_sets_[series.tag_set];
    if (!known) throw std::runtime_error("a series in it refers to nothing");
    const Metric& metric = registry_.at(*metrics_[series.metric]);
    if (metric.kind == series.sink.kind()) continue;
    throw std::runtime_error(
        fmt::format("its values of {} are not those of a {}", metric.name, to_string(metric.kind)));
  }
}

std::vector<SeriesDelta> ResultReader::take_series(Interval& interval) const {
  std::vector<SeriesDelta> deltas;
  deltas.reserve(interval.series.size());
  for (SeriesRecord& series : interval.series) {
    deltas.push_back({*metrics_[series.metric], tag_sets_[series.tag_set], std::move(series.sink)});
  }
  interval.series.clear();
  return deltas;
}

}  // namespace perigee::results
