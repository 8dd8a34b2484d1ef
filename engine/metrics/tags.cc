#include "engine/metrics/tags.h"

#include <algorithm>
#include <array>
#include <functional>

namespace perigee {
namespace {

// System tags that have few values in any run.
constexpr std::array<std::string_view, 8> kFewValues{
    "check", "error_code", "expected_response", "group", "method", "proto", "scenario", "status"};

bool key_is_less(const TagSet::Pair& pair, std::string_view key) {
  return pair.first < key;
}

TagSet reduce(const TagSet& tags) {
  TagSet reduced;
  for (std::string_view key : kFewValues) {
    if (const std::string* value = tags.find(key)) reduced.set(key, *value);
  }
  reduced.set("name", kTooManyTagSets);
  return reduced;
}

}  // namespace

TagSet::TagSet(std::initializer_list<Pair> pairs) {
  for (const Pair& pair : pairs)
    set(pair.first, pair.second);
}

void TagSet::set(std::string_view key, std::string_view value) {
  const auto place = std::lower_bound(pairs_.begin(), pairs_.end(), key, key_is_less);
  if (place != pairs_.end() && place->first == key) {
    place->second = value;
  } else {
    pairs_.emplace(place, key, value);
  }
}

const std::string* TagSet::find(std::string_view key) const {
  const auto place = std::lower_bound(pairs_.begin(), pairs_.end(), key, key_is_less);
  return place != pairs_.end() && place->first == key ? &place->second : nullptr;
}

TagSet TagSet::with(std::string_view key, std::string_view value) const {
  TagSet copy = *this;
  copy.set(key, value);
  return copy;
}

bool TagSet::contains(const TagSet& wanted) const {
  return std::all_of(wanted.begin(), wanted.end(), [&](const Pair& pair) {
    const std::string* value = find(pair.first);
    return value != nullptr && *value == pair.second;
  });
}

size_t TagSet::hash() const {
  constexpr size_t kGoldenRatio = 0x9e3779b97f4a7c15;
  size_t hash = pairs_.size();
  const auto mix = [&](const std::string& text) {
    hash = (hash ^ std::hash<std::string>()(text)) * kGoldenRatio;
    hash ^= hash >> 32;
  };
  for (const auto& [key, value] : pairs_) {
    mix(key);
    mix(value);
  }
  return hash;
}

TagSets::TagSets(const SystemTags& system_tags, size_t room)
    : system_tags_(system_tags), strips_(system_tags.drops_any()), room_(room) {
  insert(std::make_shared<const TagSet>());
}

TagSet TagSets::strip(TagSet tags) const {
  if (!strips_) return tags;
  TagSet kept;
  for (const auto& [key, value] : tags) {
    if (!system_tags_.drops(key)) kept.set(key, value);
  }
  return kept;
}

TagSetId TagSets::intern(TagSet tags) {
  if (strips_) tags = strip(std::move(tags));
  if (const auto found = ids_.find(tags); found != ids_.end()) return found->second;
  if (sets_.size() >= room_) return fold(tags);
  return insert(std::make_shared<const TagSet>(std::move(tags)));
}

TagSetId TagSets::intern(const Shared& tags) {
  if (const auto found = ids_.find(tags); found != ids_.end()) return found->second;
  return sets_.size() >= room_ ? fold(*tags) : insert(tags);
}

TagSetId TagSets::insert(Shared tags) {
  const auto id = static_cast<TagSetId>(sets_.size());
  ids_.emplace(tags, id);
  sets_.push_back(std::move(tags));
  return id;
}

TagSetId TagSets::fold(const TagSet& tags) {
  ++refused_;
  TagSet reduced = reduce(tags);
  if (const auto found = ids_.find(reduced); found != ids_.end()) return found->second;
  if (reduced_ >= room_ / 10) {
    reduced = TagSet{{"name", std::string(kTooManyTagSets)}};
    if (const auto found = ids_.find(reduced); found != ids_.end()) return found->second;
  }
  ++reduced_;
  return insert(std::make_shared<const TagSet>(std::move(reduced)));
}

}  // namespace perigee
