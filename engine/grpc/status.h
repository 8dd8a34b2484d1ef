// How a call ends: a code of gRPC, a message, and details.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/http2/error_code.h"

namespace perigee::grpc {

// A peer may send numbers that are not among these.
enum class Code : uint32_t {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

struct Status {
  Code code = Code::kOk;
  std::string message{};
  std::string details{};  // a google.rpc.Status as bytes; empty if the server gave none

  bool ok() const { return code == Code::kOk; }
};

// "DEADLINE_EXCEEDED"; the number for one that has no name.
std::string code_name(Code code);

// The value of grpc-status; nothing if it is no number.
std::optional<Code> parse_code(std::string_view text);

// grpc-message as it goes over the wire, and back. What is not percent-encoded in order stays.
std::string encode_message(std::string_view message);
std::string decode_message(std::string_view value);

// What a response without grpc-status means: by its HTTP status, or by the code with which HTTP/2
// has ended the stream.
Code code_of_http_status(int status);
Code code_of_http2(http2::ErrorCode code);

}  // namespace perigee::grpc
