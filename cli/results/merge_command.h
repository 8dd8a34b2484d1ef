// perigee merge: one result file of several.
#pragma once

#include <vector>

#include "cli/flag_description.h"

namespace perigee {

// Returns the program's exit code. Throws ConfigError.
int merge_command(int argc, const char* const* argv);
std::vector<FlagDescription> merge_flags();

}  // namespace perigee
