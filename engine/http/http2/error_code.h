// Why a stream or a connection ends, as RST_STREAM and GOAWAY say it (RFC 9113, 7).
#pragma once

#include <cstdint>

namespace perigee::http2 {

// A peer may send numbers that are not among these.
enum class ErrorCode : uint32_t {
  kNoError = 0,
  kProtocolError = 1,
  kInternalError = 2,
  kFlowControlError = 3,
  kSettingsTimeout = 4,
  kStreamClosed = 5,
  kFrameSizeError = 6,
  kRefusedStream = 7,
  kCancel = 8,
  kCompressionError = 9,
  kConnectError = 10,
  kEnhanceYourCalm = 11,
  kInadequateSecurity = 12,
  kHttp11Required = 13,
};

}  // namespace perigee::http2
