// The report of result files, as their run would have given it.
#pragma once

#include <string>
#include <vector>

#include "engine/reports/report.h"
#include "engine/results/records.h"

namespace perigee {

// Merges the files as engine/results/playback.h says. The header is that of the first part. The
// summary's warnings are those of the runs, and what there is to say of the files. Throws
// ConfigError.
reports::Report report_of_results(const std::vector<std::string>& paths);

// Where parts of one run leave out some of the test: a sentence that names them, else "".
std::string missing_parts(const std::vector<const results::Header*>& headers);

}  // namespace perigee
