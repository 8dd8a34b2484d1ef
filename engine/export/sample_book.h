// The totals of a run's series, which exports read.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

#include "engine/export/label_set.h"
#include "engine/export/limits.h"
#include "engine/metrics/registry.h"
#include "engine/metrics/snapshot.h"
#include "engine/metrics/tags.h"

namespace perigee::exports {

struct BookSeries {
  MetricId metric = 0;
  TagSetId tags = 0;
  Sink total;
};

// Used by one thread. Its memory is bounded: tag sets past `room` fold into sets with fewer tags.
// Tag sets that become the same labels are one.
class SampleBook {
 public:
  // The registry must outlive the book.
  explicit SampleBook(const MetricRegistry& registry, size_t room = limits::kTagSets)
      : registry_(registry), tags_(room) {}

  // Adds what an interval of the run has added.
  void add(const SeriesDelta& delta);

  const MetricRegistry& registry() const { return registry_; }
  // In the order in which they were first seen.
  const std::deque<BookSeries>& series() const { return series_; }
  const LabelSet& labels(TagSetId tags) const { return labels_[tags]; }
  const TagSet& tags(TagSetId id) const { return *tags_.at(id); }
  // How many tag sets found no room.
  uint64_t refused() const { return tags_.refused(); }

 private:
  using TagsPtr = std::shared_ptr<const TagSet>;

  TagSetId number_of(const TagsPtr& tags);
  void add_labels();

  const MetricRegistry& registry_;
  TagSets tags_;
  std::unordered_map<TagsPtr, TagSetId> known_;  // by address: a worker has one object for a set
  std::vector<LabelSet> labels_;                 // by the number of the tag set
  std::vector<TagSetId> same_;                   // the first tag set with the same labels
  std::map<LabelSet, TagSetId> first_;
  std::deque<BookSeries> series_;
  std::unordered_map<uint64_t, size_t> places_;  // of a metric with a tag set
};

}  // namespace perigee::exports
