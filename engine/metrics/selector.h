// Names a metric, or the part of it with certain tags: `http_req_duration{scenario:steady}`.
#pragma once

#include <string>
#include <string_view>

#include "engine/metrics/tags.h"

namespace perigee {

struct MetricSelector {
  // As written, without the spaces around it.
  std::string text;
  std::string metric;
  // What samples must be tagged with; empty for the whole metric.
  TagSet tags;

  // The tags as written: "scenario:steady".
  std::string_view suffix() const;
};

// A tag and its value may stand in quotation marks, which lets them hold a comma. Throws
// ConfigError naming the selector, what is wrong with it, and what may be written.
MetricSelector parse_selector(std::string_view text);

}  // namespace perigee
