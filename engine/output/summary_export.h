// The summary as JSON in the format of k6's --summary-export.
#pragma once

#include <string>

#include "engine/output/summary.h"

namespace perigee {

// As k6 writes it, traps included: a threshold's value is true when it FAILED.
std::string summary_export(const Summary& summary);

// Writes it to a file and makes the folders it lies in. Throws std::runtime_error naming the file.
void write_summary_export(const std::string& path, const Summary& summary);

}  // namespace perigee
