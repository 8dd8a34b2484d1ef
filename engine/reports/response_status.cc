#include "engine/reports/response_status.h"

#include <algorithm>
#include <array>

namespace perigee::reports {
namespace {

constexpr std::array<std::string_view, 17> kGrpcCodes{
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};

std::string grpc_status(const std::string& code) {
  for (size_t i = 0; i < kGrpcCodes.size(); ++i) {
    if (code == std::to_string(i)) return std::string(kGrpcCodes[i]);
  }
  return code.empty() ? std::string(kNoResponse) : "gRPC " + code;
}

}  // namespace

std::string tag_value(const TagSet& tags, std::string_view key) {
  const std::string* value = tags.find(key);
  return value == nullptr ? "" : *value;
}

std::string response_status(std::string_view metric, const TagSet& tags) {
  std::string status = tag_value(tags, "status");
  if (metric.starts_with("grpc_")) return grpc_status(status);
  return status.empty() || status == "0" ? std::string(kNoResponse) : status;
}

}  // namespace perigee::reports
