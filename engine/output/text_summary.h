// The summary as text for people, in k6's layout.
#pragma once

#include <string>

#include "engine/output/summary.h"

namespace perigee {

struct TextSummaryOptions {
  bool colours = false;
  // Also the phases of a request and the durations of groups, unless thresholds name them anyway.
  bool full = false;
  // What every line begins with.
  std::string indent = "  ";
};

std::string text_summary(const Summary& summary, const TextSummaryOptions& options = {});

}  // namespace perigee
