// How a run finds and reaches hosts: the options of its network side, as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/net/address.h"
#include "engine/net/address_range.h"
#include "engine/net/tls_options.h"

namespace perigee {

// Which of a name's addresses a connection takes.
enum class DnsSelect { kFirst, kRandom, kRoundRobin };
// Which family it takes them from.
enum class DnsPolicy { kPreferIpv4, kPreferIpv6, kOnlyIpv4, kOnlyIpv6, kAny };

class TlsContext;

struct DnsOptions {
  // How long answers are kept: 0 not at all, Duration::max() for good.
  Duration ttl = std::chrono::minutes(5);
  DnsSelect select = DnsSelect::kRandom;
  DnsPolicy policy = DnsPolicy::kPreferIpv4;
};

// A name that stands for an address, as in /etc/hosts.
struct HostEntry {
  std::string pattern;  // in lower case: "host", "host:port", or either after "*"
  Address ip;
  uint16_t port = 0;  // 0: the request's own
};

struct NetOptions {
  DnsOptions dns;
  std::vector<HostEntry> hosts;  // sorted by pattern
  std::vector<AddressRange> blocked_ips;
  std::vector<std::string> blocked_hostnames;  // in lower case; a leading "*" stands for anything
  // Where connections come from: VU i has address i - 1, counted over all ranges and around.
  std::vector<AddressRange> local_ips;
  TlsOptions tls;
  // Made of `tls`, for all workers; null: each makes one when it first needs it.
  std::shared_ptr<const TlsContext> tls_context;
};

}  // namespace perigee
