// How often each check passed and failed, and the groups of the script.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/metrics/sink.h"
#include "engine/metrics/tags.h"

namespace perigee {

struct CheckTotal {
  // The path of its group: "" or "::outer::inner".
  std::string group;
  std::string name;
  uint64_t passes = 0;
  uint64_t fails = 0;
};

class CheckTotals {
 public:
  // Adds samples of the metric `checks`; without the tag `check` they have no name to be listed by.
  void add(const TagSet& tags, const Sink& sink);

  // Notes the group a series belongs to.
  void note_group(const TagSet& tags);

  // Both in the order in which they were first seen.
  const std::vector<CheckTotal>& checks() const { return checks_; }
  const std::vector<std::string>& groups() const { return groups_; }

 private:
  std::vector<CheckTotal> checks_;
  std::vector<std::string> groups_;
  std::map<std::pair<std::string, std::string>, size_t> ids_;
  std::set<std::string> known_groups_;
};

}  // namespace perigee
