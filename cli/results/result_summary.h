// The summary of result files, as their run would have told it.
#pragma once

#include <string>
#include <vector>

#include "engine/output/summary.h"
#include "engine/results/records.h"

namespace perigee {

struct ResultSummary {
  results::Header header;  // of the first part
  results::End end;
  Summary summary;
};

// Merges the files as engine/results/playback.h says. The summary's warnings are those of the runs,
// and what there is to say of the files. Throws ConfigError.
ResultSummary summarise_results(const std::vector<std::string>& paths);

// Where parts of one run leave out some of the test: a sentence that names them, else "".
std::string missing_parts(const std::vector<const results::Header*>& headers);

}  // namespace perigee
