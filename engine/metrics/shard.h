// Where a worker's samples fold: one sink per series, no queue, no lock.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/sink.h"
#include "engine/metrics/snapshot.h"
#include "engine/metrics/tags.h"

namespace perigee {

// A metric with a tag set, numbered by its shard.
using SeriesId = uint32_t;

// What a script says of a VU's samples beside their tags: it goes with raw samples only.
using Metadata = std::map<std::string, std::string>;

// Whose sample it is: the VU's number (0 in setup and teardown) and its iteration, from 0.
struct SampleSource {
  uint64_t vu = 0;
  uint64_t iteration = 0;
  // False for what no VU measured.
  bool known = false;
  std::shared_ptr<const Metadata> metadata{};  // null where there is none
};

// Sees the samples one by one as they pass, on the thread that adds them.
class SampleTap {
 public:
  virtual ~SampleTap() = default;

  // What the number of a tag set stands for; told before the first sample that uses it.
  virtual void on_tags(TagSetId /*id*/, const std::shared_ptr<const TagSet>& /*tags*/) {}
  // Whose samples follow, if the tap wants to know.
  virtual void on_source(const SampleSource& /*source*/) {}
  virtual void on_sample(MetricId metric, TagSetId tags, double value, Instant at) = 0;
};

// Belongs to one worker and is used on its thread only.
class MetricShard {
 public:
  // The registry must outlive the shard, as must the tap, which may be missing.
  explicit MetricShard(const MetricRegistry& registry, SampleTap* tap = nullptr,
                       const SystemTags& system_tags = {});

  TagSets& tags() { return tags_; }

  // Finds or makes the series. The number is good for the shard's life: hot paths keep it.
  SeriesId series(MetricId metric, TagSetId tags);

  // From now on sources are told, because they have metadata; costs nothing without raw outputs.
  void tell_sources() { tells_sources_ = tap_ != nullptr; }
  // Says whose samples follow. Free unless raw outputs tell vu, iter or metadata.
  void attribute(const SampleSource& source) {
    if (tells_sources_) tap_->on_source(source);
  }

  // Values must be finite.
  void add(SeriesId id, double value, Instant at) {
    Series& series = series_[id];
    series.sink.add(value, at);
    if (!series.touched) touch(id);
    if (tap_ != nullptr) tap_->on_sample(series.metric, series.tags, value, at);
  }

  // Moves out what was added since the last take: only the series that were touched. Tag sets that
  // found no room meanwhile are counted in `tag_sets_refused`, stamped `to`. The caller fills in
  // the worker and its VUs.
  Snapshot take(Instant from, Instant to);

  size_t series_count() const { return series_.size(); }

 private:
  struct Series {
    MetricId metric;
    TagSetId tags;
    bool touched;
    Sink sink;
  };

  void touch(SeriesId id);
  void tell_tags(TagSetId id);
  void count_refused(Instant at);

  const MetricRegistry& registry_;
  SampleTap* tap_;
  bool tells_sources_;
  TagSets tags_;
  std::vector<Series> series_;
  std::vector<SeriesId> touched_;
  std::unordered_map<uint64_t, SeriesId> ids_;
  std::vector<bool> told_;
  uint64_t refused_told_ = 0;
};

}  // namespace perigee
