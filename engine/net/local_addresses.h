// The addresses of this machine that connections come from.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/net/address.h"
#include "engine/net/address_range.h"

namespace perigee {

// A value: the addresses of all ranges, each user's after the one of the user before, and around.
class LocalAddresses {
 public:
  LocalAddresses() = default;
  explicit LocalAddresses(std::vector<AddressRange> ranges);

  // That of the `user`-th, from 1; empty if there are none, so that the system decides.
  Address of(uint64_t user) const;
  // Throws ConfigError, naming the option, if one that the first `users` have is not this
  // machine's.
  void check(uint64_t users) const;

 private:
  std::vector<AddressRange> ranges_;
  uint64_t count_ = 0;
};

// A TCP socket that is bound to an address of this machine, without a port until it connects; or a
// negative system error.
int open_bound_socket(const Address& local);

}  // namespace perigee
