// Records of a result file from protobuf.
#pragma once

#include <string_view>

#include "engine/results/records.h"

namespace perigee::results {

// Each reads the message that results.proto describes and passes over fields that it does not know.
// Throws std::runtime_error that says what is wrong.
Header read_header(std::string_view message);
Interval read_interval(std::string_view message);
End read_end(std::string_view message);

}  // namespace perigee::results
