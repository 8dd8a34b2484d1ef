// How far the peer's system has taken what was written to a TCP socket.
#pragma once

#include <cstdint>
#include <optional>

namespace perigee {

// Bytes that the peer's system has acknowledged since the connection was made, also after it has
// been reset; nothing where this system does not tell. `fd` is a TCP socket that has been
// connected.
std::optional<uint64_t> acknowledged_bytes(int fd);

}  // namespace perigee
