// perigee inspect: the options of a script as a run would have them.
#pragma once

#include <vector>

#include "cli/flag_description.h"

namespace perigee {

// Prints JSON to stdout and returns the program's exit code. Throws ConfigError and ScriptError.
int inspect_command(int argc, const char* const* argv);
std::vector<FlagDescription> inspect_flags();

}  // namespace perigee
