// The flags of `perigee serve`.
#pragma once

#include <vector>

#include "cli/flag_description.h"
#include "target/target.h"

namespace perigee {

// Reads the words after `serve`. Prints the help and returns false if that is what was asked for.
// Throws ConfigError that names the flag and says what to write.
bool parse_serve_flags(int argc, const char* const* argv, TargetOptions& options);
// As completion needs them.
std::vector<FlagDescription> serve_flags();

}  // namespace perigee
