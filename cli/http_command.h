// `perigee http URL`: a load without a script.
#pragma once

namespace perigee {

// Runs the script that the flags stand for and tells what came of it. Returns the program's exit
// code. Throws ConfigError.
int http_command(int argc, const char* const* argv);

}  // namespace perigee
