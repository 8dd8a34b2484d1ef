// The summary as JSON files for other programs.
#pragma once

#include <string>

#include "engine/base/clock.h"
#include "engine/output/summary.h"

namespace perigee {

// The format of k6's --summary-export, traps included: a threshold's value is true when it FAILED.
std::string summary_export(const Summary& summary);

// What a machine-readable summary says besides the figures.
struct ExportOrigin {
  // The text of the script.
  std::string script;
  // The program's version.
  std::string version;
  WallTime generated_at{};
};

// The format of k6's --new-machine-readable-summary, schema 1.0.0: rates without traps, times that
// counters are divided by left to the reader.
std::string machine_readable_summary(const Summary& summary, const ExportOrigin& origin);

}  // namespace perigee
