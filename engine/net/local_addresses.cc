#include "engine/net/local_addresses.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

// To look at more would take a while, and what is wrong is mostly wrong from the start.
constexpr uint64_t kMostChecked = 4096;

}  // namespace

LocalAddresses::LocalAddresses(std::vector<AddressRange> ranges) : ranges_(std::move(ranges)) {
  for (const AddressRange& range : ranges_) {
    const uint64_t room = std::numeric_limits<uint64_t>::max() - count_;
    count_ += std::min(room, range.count());
  }
}

Address LocalAddresses::of(uint64_t user) const {
  if (count_ == 0) return {};
  uint64_t index = (user == 0 ? 0 : user - 1) % count_;
  for (const AddressRange& range : ranges_) {
    if (index < range.count()) return range.nth(index);
    index -= range.count();
  }
  return {};
}

void LocalAddresses::check(uint64_t users) const {
  for (uint64_t user = 1; user <= std::min({users, count_, kMostChecked}); ++user) {
    const Address address = of(user);
    const int socket = open_bound_socket(address);
    if (socket < 0) {
      throw ConfigError(
          fmt::format("localIPs (--local-ips): {} can't be used: {}; name addresses that "
                      "this machine has (ip address)",
                      address.ip(), std::strerror(-socket)));
    }
    close(socket);
  }
}

int open_bound_socket(const Address& local) {
  const int family = local.v6() ? AF_INET6 : AF_INET;
  const socklen_t size = local.v6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  // libuv would have the kernel pick a port at once, one of few for all peers together; left until
  // the connect, it picks one that is free towards this peer.
  const int on = 1;
  setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  if (bind(fd, local.raw(), size) == 0) return fd;
  const int error = errno;
  close(fd);
  return -error;
}

}  // namespace perigee
