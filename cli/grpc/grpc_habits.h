// What people who come from ghz and grpcurl type out of habit.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/setting.h"

namespace perigee {

// The words of a command line with grpcurl's long flags, such as -plaintext, in the usual spelling
// with two dashes.
std::vector<std::string> usual_grpc_words(int argc, const char* const* argv);

// Flags of these programs that `perigee grpc` does not have, and what there is instead.
std::span<const RefusedSetting> refused_grpc_habits();

}  // namespace perigee
