// `perigee grpc HOST:PORT package.Service/Method`: calls without a script.
#pragma once

namespace perigee {

// Runs the script that the flags stand for and reports what came of it. Returns the program's exit
// code. Throws ConfigError.
int grpc_command(int argc, const char* const* argv);

}  // namespace perigee
