// The summary as JSON files for other programs.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "engine/base/clock.h"
#include "engine/base/json_repairs.h"
#include "engine/output/summary.h"

namespace perigee {

// The format of k6's --summary-export, traps included: a threshold's value is true when it FAILED.
// `setup_data` is what setup returned, null if nothing. `repairs`, which may be null, hears of text
// that is not UTF-8.
std::string summary_export(const Summary& summary, const nlohmann::json& setup_data = nullptr,
                           JsonRepairs* repairs = nullptr);

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
std::string machine_readable_summary(const Summary& summary, const ExportOrigin& origin,
                                     JsonRepairs* repairs = nullptr);

}  // namespace perigee
