// perigee report: what result files say, for people and for programs.
#pragma once

#include <vector>

#include "cli/flag_description.h"

namespace perigee {

// Returns the program's exit code. Throws ConfigError.
int report_command(int argc, const char* const* argv);
std::vector<FlagDescription> report_flags();

}  // namespace perigee
