// An IP address and port.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <netinet/in.h>

namespace perigee {

// A value of 28 bytes: IPv4 or IPv6.
class Address {
 public:
  Address() : storage_{} {}
  static Address from(const sockaddr* address);
  // Reads "127.0.0.1", "::1" (with or without brackets); nothing for a name.
  static std::optional<Address> parse(std::string_view ip, uint16_t port);

  bool v6() const { return storage_.v6.sin6_family == AF_INET6; }
  bool empty() const { return storage_.v6.sin6_family == AF_UNSPEC; }
  // Of this machine alone: 127.0.0.0/8 or ::1.
  bool loopback() const;
  uint16_t port() const;
  Address with_port(uint16_t port) const;
  bool operator==(const Address& other) const;

  // "127.0.0.1" or "::1".
  std::string ip() const;
  // "127.0.0.1:80" or "[::1]:80", as error texts show it.
  std::string text() const;

  const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage_); }

 private:
  union Storage {
    sockaddr_in v4;
    sockaddr_in6 v6;
  };
  Storage storage_;
};

}  // namespace perigee
