// Where the reports of commands go.
#pragma once

#include <string>
#include <string_view>

#include "cli/exit_code.h"

namespace perigee {

// Writes to a file, or to standard output if the path is "-". Says on standard error what failed;
// throws ConfigError if the file can't be opened.
ExitCode write_report(const std::string& path, std::string_view text);

}  // namespace perigee
