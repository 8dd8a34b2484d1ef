// `perigee run`: from a script and flags to an exit code.
#pragma once

namespace perigee {

// `argv[0]` is "run". Errors before the start are thrown as ConfigError or ScriptError.
int run_command(int argc, const char* const* argv);

}  // namespace perigee
