#include "engine/output/grpc_code.h"

#include <array>
#include <charconv>

namespace perigee {
namespace {

// By their numbers.
constexpr std::array<std::string_view, 17> kNames{
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};

}  // namespace

std::string grpc_code_name(std::string_view number) {
  size_t code = kNames.size();
  std::from_chars(number.data(), number.data() + number.size(), code);
  if (code < kNames.size()) return std::string(kNames[code]);
  return "code " + std::string(number);
}

}  // namespace perigee
