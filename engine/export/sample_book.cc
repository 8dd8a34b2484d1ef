#include "engine/export/sample_book.h"

namespace perigee::exports {

void SampleBook::add(const SeriesDelta& delta) {
  const TagSetId tags = number_of(delta.tags);
  const uint64_t key = (uint64_t{delta.metric} << 32) | tags;
  const auto [place, is_new] = places_.try_emplace(key, series_.size());
  if (is_new) series_.push_back({delta.metric, tags, Sink(delta.sink.kind())});
  series_[place->second].total.merge(delta.sink);
}

TagSetId SampleBook::number_of(const TagsPtr& tags) {
  const auto known = known_.find(tags);
  if (known != known_.end()) return known->second;
  const TagSetId own = tags_.intern(tags);
  while (labels_.size() < tags_.size())
    add_labels();
  known_.emplace(tags, same_[own]);
  return same_[own];
}

void SampleBook::add_labels() {
  const auto number = static_cast<TagSetId>(labels_.size());
  labels_.push_back(labels_of(*tags_.at(number)));
  same_.push_back(first_.try_emplace(labels_.back(), number).first->second);
}

}  // namespace perigee::exports
