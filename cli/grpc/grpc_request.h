// Messages and metadata of `perigee grpc` from its flags.
#pragma once

#include "cli/grpc/grpc_load.h"
#include "engine/execution/json_reader.h"

namespace perigee {

// Reads "data", "dataFile", "metadata" and "headers". A file, and `@` for standard input, is read
// at once. Throws ConfigError naming the flag and the place.
void read_grpc_request(const JsonReader& flags, GrpcLoad& load);

}  // namespace perigee
