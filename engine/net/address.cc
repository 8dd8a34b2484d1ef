#include "engine/net/address.h"

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace perigee {

Address Address::from(const sockaddr* address) {
  Address result;
  const size_t size = address->sa_family == AF_INET6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
  std::memcpy(&result.storage_, address, size);
  return result;
}

std::optional<Address> Address::parse(std::string_view ip, uint16_t port) {
  if (ip.size() >= 2 && ip.front() == '[' && ip.back() == ']') ip = ip.substr(1, ip.size() - 2);
  const std::string text(ip);
  Address result;
  if (inet_pton(AF_INET, text.c_str(), &result.storage_.v4.sin_addr) == 1) {
    result.storage_.v4.sin_family = AF_INET;
  } else if (inet_pton(AF_INET6, text.c_str(), &result.storage_.v6.sin6_addr) == 1) {
    result.storage_.v6.sin6_family = AF_INET6;
  } else {
    return std::nullopt;
  }
  return result.with_port(port);
}

bool Address::loopback() const {
  constexpr uint32_t kLoopbackNetwork = 127;
  if (v6()) return IN6_IS_ADDR_LOOPBACK(&storage_.v6.sin6_addr);
  return ntohl(storage_.v4.sin_addr.s_addr) >> 24 == kLoopbackNetwork;
}

// Both families keep the port in the same place.
uint16_t Address::port() const {
  return ntohs(storage_.v4.sin_port);
}

Address Address::with_port(uint16_t port) const {
  Address result = *this;
  result.storage_.v4.sin_port = htons(port);
  return result;
}

// Both families keep themselves in the same place, too.
bool Address::operator==(const Address& other) const {
  const Storage& a = storage_;
  const Storage& b = other.storage_;
  if (a.v4.sin_family != b.v4.sin_family || a.v4.sin_port != b.v4.sin_port) return false;
  if (!v6()) return a.v4.sin_addr.s_addr == b.v4.sin_addr.s_addr;
  return a.v6.sin6_scope_id == b.v6.sin6_scope_id &&
         IN6_ARE_ADDR_EQUAL(&a.v6.sin6_addr, &b.v6.sin6_addr);
}

std::string Address::ip() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* source = v6() ? static_cast<const void*>(&storage_.v6.sin6_addr)
                            : static_cast<const void*>(&storage_.v4.sin_addr);
  inet_ntop(v6() ? AF_INET6 : AF_INET, source, text.data(), text.size());
  return text.data();
}

std::string Address::text() const {
  return fmt::format(fmt::runtime(v6() ? "[{}]:{}" : "{}:{}"), ip(), port());
}

}  // namespace perigee
