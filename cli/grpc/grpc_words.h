// The words of `perigee grpc` that are no flags: a server, and what is wanted of it.
#pragma once

#include <string>
#include <vector>

#include "cli/grpc/grpc_flags.h"

namespace perigee {

struct GrpcWords {
  std::string command;  // as messages call it
  std::vector<std::string> words;
  std::string call;  // a method that a flag names
};

// Reads the words into the task, the symbol and the load's address and method. The load must know
// its types and whether it is a single call by then. `file` as in `GrpcFlagReader::read`. Throws
// ConfigError that says what is missing or too much.
void read_grpc_words(const GrpcWords& given, GrpcFlags& flags, std::string* file);

}  // namespace perigee
