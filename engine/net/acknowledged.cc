#include "engine/net/acknowledged.h"

#include <cstddef>

// The C library's own header lacks the field, and can't be included beside this one.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace perigee {

std::optional<uint64_t> acknowledged_bytes(int fd) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  if (size < offsetof(tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked)
    return std::nullopt;
  // Linux counts the SYN as a byte.
  return info.tcpi_bytes_acked == 0 ? 0 : info.tcpi_bytes_acked - 1;
}

}  // namespace perigee
