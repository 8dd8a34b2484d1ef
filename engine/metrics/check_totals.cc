#include "engine/metrics/check_totals.h"

namespace perigee {
namespace {

std::string group_of(const TagSet& tags) {
  const std::string* group = tags.find("group");
  return group == nullptr ? "" : *group;
}

}  // namespace

void CheckTotals::add(const TagSet& tags, const Sink& sink) {
  const std::string* name = tags.find("check");
  if (name == nullptr) return;
  std::string group = group_of(tags);
  const auto [place, is_new] = ids_.try_emplace({group, *name}, checks_.size());
  if (is_new) checks_.push_back({.group = std::move(group), .name = *name});
  CheckTotal& check = checks_[place->second];
  check.passes += sink.rate().nonzero;
  check.fails += sink.rate().total - sink.rate().nonzero;
}

void CheckTotals::note_group(const TagSet& tags) {
  std::string group = group_of(tags);
  if (group.empty() || !known_groups_.insert(group).second) return;
  groups_.push_back(std::move(group));
}

}  // namespace perigee
