// Parts of metrics by tags, which are compared as metrics of their own.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/metrics/registry.h"
#include "engine/metrics/selector.h"
#include "engine/metrics/snapshot_recorder.h"
#include "engine/metrics/tags.h"

namespace perigee::compare {

// "http_req_duration{name:login}", a value with commas or quotation marks in quotation marks.
std::string part_name(std::string_view metric, const TagSet& tags);

// Which parts there are: those that are asked for by name, and one for each set of values that
// samples have of the tags `by`. Past `kMaxParts` of these by metric none is added.
class MetricParts {
 public:
  static constexpr size_t kMaxParts = 50;

  struct Part {
    std::string name;
    std::string whole;  // the metric's name
  };

  explicit MetricParts(std::vector<std::string> by = {}) : by_(std::move(by)) {}

  void add(MetricSelector selector) { selectors_.push_back(std::move(selector)); }

  // The parts that a sample of this metric with these tags belongs to: numbers of `registry`.
  std::vector<MetricId> of(const Metric& metric, const TagSet& tags);

  // Stand-ins for the parts, with kinds and contents and made-up names.
  const MetricRegistry& registry() const { return registry_; }
  const Part& at(MetricId id) const { return parts_[id]; }
  // The stand-in of a part; null without a sample.
  const Metric* find(std::string_view name) const;
  // Whether there were more than are kept.
  bool is_full() const { return is_full_; }
  // Throws ConfigError that names a tag of `by` which no sample has, and the closest one.
  void require_tags() const;

 private:
  MetricId number_of(const Metric& metric, const TagSet& tags);
  bool has_room(const Metric& metric, const TagSet& tags);

  std::vector<std::string> by_;
  std::vector<MetricSelector> selectors_;
  MetricRegistry registry_;
  std::vector<Part> parts_;
  std::map<std::string, MetricId, std::less<>> numbers_;
  std::map<MetricId, size_t> counts_;  // of a metric's parts by tags
  bool is_full_ = false;
  std::set<std::string> tags_;  // of all samples
};

// Hands on what belongs to a part, as samples of its stand-in, to one recorder, and everything to
// another.
class PartRecorder final : public SnapshotRecorder {
 public:
  PartRecorder(const MetricRegistry& registry, MetricParts& parts, SnapshotRecorder& whole,
               SnapshotRecorder& of_parts)
      : registry_(registry), parts_(parts), whole_(whole), of_parts_(of_parts) {}

  void begin(TimeOrigin origin) override;
  void add(const Snapshot& snapshot) override;
  void tick(const RunMoment& moment) override;

 private:
  const std::vector<MetricId>& parts_of(const SeriesDelta& delta);

  const MetricRegistry& registry_;
  MetricParts& parts_;
  SnapshotRecorder& whole_;
  SnapshotRecorder& of_parts_;
  // The file's sets are objects of their own, each for as long as it is here.
  std::map<std::pair<MetricId, std::shared_ptr<const TagSet>>, std::vector<MetricId>> known_;
};

}  // namespace perigee::compare
