// `perigee run`: from a script and flags to an exit code.
#pragma once

namespace perigee {

// `argv[0]` is "run". Throws ConfigError for what the flags and the environment say; other errors
// go to the log that the flags ask for.
int run_command(int argc, const char* const* argv);

}  // namespace perigee
