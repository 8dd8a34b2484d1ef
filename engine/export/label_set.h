// The labels of a series as Prometheus takes them.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/metrics/tags.h"

namespace perigee::exports {

// Pairs sorted by name, each name once.
using LabelSet = std::vector<std::pair<std::string, std::string>>;

// A name of [a-zA-Z0-9_] that does not begin with a digit or, as those of Prometheus itself do,
// with two underscores. Other characters become underscores.
std::string label_name(std::string_view tag);

// The text with U+FFFD for bytes that are not UTF-8, which receivers refuse.
std::string label_value(std::string_view text);

// The tags with valid names and values, without those that are empty, which Prometheus takes for
// absent. Values whose names have become the same are joined by ";". A tag called as a label that
// metrics have of themselves ("le", "quantile", "condition") gets "tag_" in front.
LabelSet labels_of(const TagSet& tags);

}  // namespace perigee::exports
