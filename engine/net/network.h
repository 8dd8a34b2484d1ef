// The network as a worker's clients see it: names, what is blocked, where connections come from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/net/address_choice.h"
#include "engine/net/host_table.h"
#include "engine/net/local_addresses.h"
#include "engine/net/net_options.h"
#include "engine/net/resolver.h"
#include "engine/net/tls_context.h"

namespace perigee {

// One per worker; used by its thread only.
class Network {
 public:
  explicit Network(Loop& loop, const NetOptions& options = {});

  Resolver& resolver() { return resolver_; }
  const HostTable& hosts() const { return hosts_; }
  // What a connection to `host` tries, one after the other.
  std::vector<Address> choose(const std::string& host, const Resolver::Answer& answer) {
    return choice_.choose(host, answer.addresses);
  }
  // Whether connections to this address are refused.
  bool blocks(const Address& address) const;
  // Where connections of the `user`-th VU, from 1, come from; empty if the system decides.
  Address local_address(uint64_t user) const { return local_.of(user); }
  // How TLS connections are made unless a client says otherwise.
  const TlsContext& tls();

 private:
  Resolver resolver_;
  HostTable hosts_;
  AddressChoice choice_;
  std::vector<AddressRange> blocked_;
  const LocalAddresses local_;
  const TlsOptions tls_options_;
  std::shared_ptr<const TlsContext> tls_;
};

}  // namespace perigee
