// perigee new: a commented scenario to start from.
#pragma once

#include <vector>

#include "cli/flag_description.h"

namespace perigee {

// Writes a template to a file and returns the program's exit code. Throws ConfigError if the file
// is there already or can't be written.
int new_command(int argc, const char* const* argv);
std::vector<FlagDescription> new_flags();

}  // namespace perigee
