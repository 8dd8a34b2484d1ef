#include "engine/results/results_recorder.h"

#include <exception>

#include "engine/results/record_writer.h"

namespace perigee::results {
namespace {

// Adds what is in the sink, the time of a gauge's reading since the run's beginning.
void add_since(Instant started, const Sink& sink, Sink& into) {
  if (sink.kind() != MetricKind::kGauge) return into.merge(sink);
  Sink::Gauge gauge = sink.gauge();
  gauge.at = Instant(gauge.at - started);
  into.merge(Sink(gauge));
}

}  // namespace

ResultsRecorder::ResultsRecorder(std::string path, const MetricRegistry& registry)
    : path_(std::move(path)), registry_(registry), file_(path_) {}

void ResultsRecorder::begin(TimeOrigin origin) {
  started_ = last_tick_ = origin.instant;
  header_.started = origin.wall;
  write(FrameType::kHeader, header_);
}

void ResultsRecorder::add(const Snapshot& snapshot) {
  if (!error_.empty()) return;
  for (const SeriesDelta& delta : snapshot.series) {
    const auto place =
        open_.try_emplace({delta.metric, number_of(delta.tags)}, registry_.at(delta.metric).kind);
    add_since(started_, delta.sink, place.first->second);
  }
}

uint32_t ResultsRecorder::number_of(const TagsPtr& tags) {
  const auto known = known_.find(tags);
  if (known != known_.end()) return known->second;
  const auto number = static_cast<uint32_t>(tag_sets_.size());
  const auto [place, is_new] = tag_sets_.emplace(tags, number);
  if (is_new) new_tag_sets_.push_back({number, *tags});
  known_.emplace(tags, place->second);
  return place->second;
}

void ResultsRecorder::tick(const RunMoment& moment) {
  if (!error_.empty()) return;
  write(FrameType::kInterval, take_interval(moment));
}

Interval ResultsRecorder::take_interval(const RunMoment& moment) {
  Interval interval{.number = ++intervals_,
                    .from = last_tick_ - started_,
                    .to = moment.at - started_,
                    .load = moment.load,
                    .vus = moment.vus_active,
                    .vus_max = moment.vus_initialized,
                    .after_load = !moment.loading};
  last_tick_ = moment.at;
  interval.tag_sets = std::exchange(new_tag_sets_, {});
  while (named_ < registry_.size())
    interval.metrics.push_back(registry_.at(static_cast<MetricId>(named_++)));
  for (auto& [key, sink] : std::exchange(open_, {}))
    interval.series.push_back({key.first, key.second, std::move(sink)});
  return interval;
}

void ResultsRecorder::end(End end) {
  if (!error_.empty()) return;
  end.ended = last_tick_ - started_;
  try {
    message_.clear();
    write_record(end, message_);
    file_.finish(FrameType::kEnd, message_);
  } catch (const std::exception& failure) {
    error_ = failure.what();
  }
}

template <typename Record>
void ResultsRecorder::write(FrameType type, const Record& record) {
  try {
    message_.clear();
    write_record(record, message_);
    file_.write(type, message_);
  } catch (const std::exception& failure) {
    error_ = failure.what();
  }
}

}  // namespace perigee::results
