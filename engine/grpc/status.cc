#include "engine/grpc/status.h"

#include <array>
#include <charconv>

#include <fmt/format.h>

#include "engine/base/base64.h"

namespace perigee::grpc {
namespace {

constexpr std::array<std::string_view, 17> kNames{
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
};

bool is_plain(char c) {
  return c >= ' ' && c <= '~' && c != '%';
}

}  // namespace

std::string code_name(Code code) {
  const auto number = static_cast<uint32_t>(code);
  return number < kNames.size() ? std::string(kNames[number]) : fmt::format("{}", number);
}

std::optional<Code> parse_code(std::string_view text) {
  uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || rest != end) return std::nullopt;
  return Code{number};
}

std::string encode_message(std::string_view message) {
  std::string out;
  out.reserve(message.size());
  for (const char c : message) {
    if (is_plain(c)) {
      out += c;
    } else {
      fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string decode_message(std::string_view value) {
  std::string out;
  out.reserve(value.size());
  while (!value.empty()) {
    const auto byte =
        value[0] == '%' && value.size() >= 3 ? decode_hex(value.substr(1, 2)) : std::nullopt;
    out += byte ? (*byte)[0] : value[0];
    value.remove_prefix(byte ? 3 : 1);
  }
  return out;
}

Code code_of_http_status(int status) {
  switch (status) {
    case 400:
      return Code::kInternal;
    case 401:
      return Code::kUnauthenticated;
    case 403:
      return Code::kPermissionDenied;
    case 404:
      return Code::kUnimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return Code::kUnavailable;
    default:
      return Code::kUnknown;
  }
}

Code code_of_http2(http2::ErrorCode code) {
  switch (code) {
    case http2::ErrorCode::kRefusedStream:
      return Code::kUnavailable;
    case http2::ErrorCode::kCancel:
      return Code::kCancelled;
    case http2::ErrorCode::kEnhanceYourCalm:
      return Code::kResourceExhausted;
    case http2::ErrorCode::kInadequateSecurity:
      return Code::kPermissionDenied;
    case http2::ErrorCode::kNoError:
    case http2::ErrorCode::kProtocolError:
    case http2::ErrorCode::kInternalError:
    case http2::ErrorCode::kFlowControlError:
    case http2::ErrorCode::kSettingsTimeout:
    case http2::ErrorCode::kFrameSizeError:
    case http2::ErrorCode::kCompressionError:
    case http2::ErrorCode::kConnectError:
      return Code::kInternal;
    default:
      return Code::kUnknown;
  }
}

}  // namespace perigee::grpc
