// Writes the result file of a run while it goes on.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/metrics/registry.h"
#include "engine/metrics/snapshot_recorder.h"
#include "engine/results/frame_writer.h"
#include "engine/results/records.h"

namespace perigee::results {

// Adds up what the workers measure between two ticks, and writes it as one interval. When the file
// can't be written any more, the run goes on without it.
class ResultsRecorder final : public SnapshotRecorder {
 public:
  // Opens the file; throws ConfigError if that can't be done. The registry must outlive the
  // recorder.
  ResultsRecorder(std::string path, const MetricRegistry& registry);

  // What the file's first frame says, but for the time of the beginning. Called before the run.
  void set_header(Header header) { header_ = std::move(header); }

  void begin(TimeOrigin origin) override;
  void add(const Snapshot& snapshot) override;
  void tick(const RunMoment& moment) override;
  // The last frame; `end.ended` is taken from the last tick.
  void end(End end);

  const std::string& path() const { return path_; }
  // Why the file is not complete; empty if it is.
  const std::string& error() const { return error_; }

 private:
  using TagsPtr = std::shared_ptr<const TagSet>;
  struct SameTags {
    size_t operator()(const TagsPtr& tags) const { return tags->hash(); }
    bool operator()(const TagsPtr& a, const TagsPtr& b) const { return *a == *b; }
  };

  uint32_t number_of(const TagsPtr& tags);
  Interval take_interval(const RunMoment& moment);
  template <typename Record>
  void write(FrameType type, const Record& record);

  std::string path_;
  const MetricRegistry& registry_;
  FrameWriter file_;
  Header header_;
  Instant started_{};
  Instant last_tick_{};
  uint64_t intervals_ = 0;
  size_t named_ = 0;  // of the registry's metrics
  std::unordered_map<TagsPtr, uint32_t, SameTags, SameTags> tag_sets_;
  std::unordered_map<TagsPtr, uint32_t> known_;  // by address: a worker has one object for a set
  std::vector<TagSetRecord> new_tag_sets_;
  std::map<std::pair<MetricId, uint32_t>, Sink> open_;
  std::string message_;
  std::string error_;
};

}  // namespace perigee::results
