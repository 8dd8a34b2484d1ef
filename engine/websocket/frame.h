// What RFC 6455 puts on the wire: opcodes, the head of a frame, close codes.
#pragma once

#include <cstdint>

namespace perigee::websocket {

// Frames to a server are masked, frames to a client are not.
enum class Role : uint8_t { kClient, kServer };

enum class Opcode : uint8_t {
  kContinuation = 0,
  kText = 1,
  kBinary = 2,
  kClose = 8,
  kPing = 9,
  kPong = 10,
};

// Of a frame that came in: its opcode may be one that does not exist.
struct FrameHead {
  Opcode opcode = Opcode::kText;
  bool final = true;
  bool compressed = false;  // the first reserved bit
  bool reserved = false;    // one of the others
  bool masked = false;
  uint64_t length = 0;
};

inline bool is_control(Opcode opcode) {
  return (static_cast<uint8_t>(opcode) & 8) != 0;
}

// Why a connection was closed, in the protocol's numbers.
namespace close_code {
inline constexpr uint16_t kNormal = 1000;
inline constexpr uint16_t kGoingAway = 1001;
inline constexpr uint16_t kProtocolError = 1002;
inline constexpr uint16_t kNone = 1005;      // never sent: the close frame had no code
inline constexpr uint16_t kAbnormal = 1006;  // never sent: there was no close frame
inline constexpr uint16_t kInvalidText = 1007;
inline constexpr uint16_t kTooBig = 1009;
}  // namespace close_code

// Whether a close frame may carry this code.
inline bool is_sendable(uint16_t code) {
  if (code >= 3000) return code < 5000;
  return code >= 1000 && code <= 1014 && code != 1004 && code != close_code::kNone &&
         code != close_code::kAbnormal;
}

// The most that a control frame may carry, and of it a close reason.
inline constexpr uint64_t kMostControl = 125;
inline constexpr uint64_t kMostReason = 123;

}  // namespace perigee::websocket
