// perigee compare: two runs, or sets of them, figure by figure.
#pragma once

#include <vector>

#include "cli/flag_description.h"

namespace perigee {

// Returns the program's exit code. Throws ConfigError.
int compare_command(int argc, const char* const* argv);
std::vector<FlagDescription> compare_flags();

}  // namespace perigee
