// `perigee infer -a HOST -p PORT -m MODEL`: loads a served model without a script.
#pragma once

namespace perigee {

// Runs the script that the flags stand for and reports what came of it. Returns the program's exit
// code. Throws ConfigError.
int infer_command(int argc, const char* const* argv);

}  // namespace perigee
