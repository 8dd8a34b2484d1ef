// Every bound of gRPC, by name.
#pragma once

#include <cstddef>

namespace perigee::limits {

// Bytes of one message that is received, and of one that is sent, unless the script sets others.
inline constexpr size_t kGrpcMessage = 4 * 1024 * 1024;
inline constexpr size_t kGrpcSentMessage = 0x7fff'ffff;
// Bytes of messages of one stream that its script has not taken; then reading pauses.
inline constexpr size_t kGrpcInbox = 1024 * 1024;
// Bytes of messages that one stream has not sent yet; then sending waits.
inline constexpr size_t kGrpcUnsent = 1024 * 1024;

}  // namespace perigee::limits
