#include "engine/net/network.h"

#include <algorithm>
#include <random>

namespace perigee {

Network::Network(Loop& loop, const NetOptions& options)
    : resolver_(loop, options.dns.ttl),
      hosts_(options.hosts, options.blocked_hostnames),
      choice_(options.dns.select, options.dns.policy, std::random_device()()),
      blocked_(options.blocked_ips),
      local_(options.local_ips),
      tls_options_(options.tls),
      tls_(options.tls_context) {}

bool Network::blocks(const Address& address) const {
  return std::any_of(blocked_.begin(), blocked_.end(),
                     [&](const AddressRange& range) { return range.contains(address); });
}

const TlsContext& Network::tls() {
  if (tls_ == nullptr) tls_ = std::make_shared<const TlsContext>(tls_options_);
  return *tls_;
}

}  // namespace perigee
