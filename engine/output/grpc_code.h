// The status codes of gRPC by their names.
#pragma once

#include <string>
#include <string_view>

namespace perigee {

// "Unavailable" of "14", "code 99" of a number that has no name.
std::string grpc_code_name(std::string_view number);

}  // namespace perigee
