// Tags of samples: a set of key=value pairs, and the bounded table that numbers such sets.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/limits.h"
#include "engine/metrics/system_tags.h"

namespace perigee {

// Pairs sorted by key, each key once. A value.
class TagSet {
 public:
  using Pair = std::pair<std::string, std::string>;

  TagSet() = default;
  TagSet(std::initializer_list<Pair> pairs);

  // Adds the pair, or replaces the value of a key that is there.
  void set(std::string_view key, std::string_view value);

  // The value of `key`; nothing if it is absent. Valid until the set changes.
  const std::string* find(std::string_view key) const;

  // A copy with one pair more, or another value.
  TagSet with(std::string_view key, std::string_view value) const;

  // Whether every pair of `wanted` is in this set.
  bool contains(const TagSet& wanted) const;

  size_t hash() const;
  bool empty() const { return pairs_.empty(); }
  size_t size() const { return pairs_.size(); }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }
  bool operator==(const TagSet&) const = default;

 private:
  std::vector<Pair> pairs_;
};

// The value of the tag `name` in a set that stands for those there was no room for.
inline constexpr std::string_view kTooManyTagSets = "(too many tag sets)";

using TagSetId = uint32_t;
// The number of no set: 0 is that of the empty one.
inline constexpr TagSetId kNoTagSet = 0xffff'ffff;

// Numbers tag sets: equal sets have one number and one shared copy. One per worker; not
// thread-safe, but the sets it hands out may be read anywhere.
//
// Holds at most `room` sets. Past that a set is reduced to its tags of few values (scenario, group,
// method, status, expected_response, proto, error_code, check) and the name kTooManyTagSets; those
// have a tenth of the room for themselves, and past that all sets are the one of that name alone.
class TagSets {
 public:
  explicit TagSets(size_t room = limits::kTagSets) : TagSets(SystemTags(), room) {}
  // Tags of `system_tags` that are off are taken out of every set.
  explicit TagSets(const SystemTags& system_tags, size_t room = limits::kTagSets);

  // The number of the set or, without room, of the set it folds into. The empty set has number 0.
  TagSetId intern(TagSet tags);
  TagSetId intern(const std::shared_ptr<const TagSet>& tags);

  const std::shared_ptr<const TagSet>& at(TagSetId id) const { return sets_[id]; }
  size_t size() const { return sets_.size(); }

  const SystemTags& system_tags() const { return system_tags_; }
  // The set without the system tags that are off.
  TagSet strip(TagSet tags) const;

  // How often a set was reduced for want of room.
  uint64_t refused() const { return refused_; }

 private:
  using Shared = std::shared_ptr<const TagSet>;
  struct Hash {
    using is_transparent = void;
    size_t operator()(const TagSet& tags) const { return tags.hash(); }
    size_t operator()(const Shared& tags) const { return tags->hash(); }
  };
  struct Equal {
    using is_transparent = void;
    static const TagSet& get(const TagSet& tags) { return tags; }
    static const TagSet& get(const Shared& tags) { return *tags; }
    bool operator()(const auto& a, const auto& b) const { return get(a) == get(b); }
  };

  TagSetId insert(Shared tags);
  TagSetId fold(const TagSet& tags);

  const SystemTags system_tags_;
  const bool strips_;
  const size_t room_;
  size_t reduced_ = 0;
  uint64_t refused_ = 0;
  std::vector<Shared> sets_;
  std::unordered_map<Shared, TagSetId, Hash, Equal> ids_;
};

}  // namespace perigee
