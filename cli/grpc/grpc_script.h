// The scenario that does what the flags of `perigee grpc` say.
#pragma once

#include <string>

#include "cli/grpc/grpc_load.h"

namespace perigee {

// A commented script that `perigee run` takes.
std::string grpc_script(const GrpcLoad& load);

}  // namespace perigee
