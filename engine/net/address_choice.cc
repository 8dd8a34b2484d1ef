#include "engine/net/address_choice.h"

#include <algorithm>
#include <iterator>
#include <random>

#include "engine/base/limits.h"

namespace perigee {
namespace {

std::vector<Address> of_family(const std::vector<Address>& known, bool v6) {
  std::vector<Address> family;
  std::copy_if(known.begin(), known.end(), std::back_inserter(family),
               [v6](const Address& address) { return address.v6() == v6; });
  return family;
}

// The addresses that are tried, the preferred ones first; each group gives one.
std::vector<std::vector<Address>> groups(DnsPolicy policy, const std::vector<Address>& known) {
  switch (policy) {
    case DnsPolicy::kPreferIpv4:
      return {of_family(known, false), of_family(known, true)};
    case DnsPolicy::kPreferIpv6:
      return {of_family(known, true), of_family(known, false)};
    case DnsPolicy::kOnlyIpv4:
      return {of_family(known, false)};
    case DnsPolicy::kOnlyIpv6:
      return {of_family(known, true)};
    case DnsPolicy::kAny:
      break;
  }
  return {known};
}

}  // namespace

AddressChoice::AddressChoice(DnsSelect select, DnsPolicy policy, uint64_t seed)
    : select_(select), policy_(policy), random_(seed) {}

std::vector<Address> AddressChoice::choose(const std::string& host,
                                           const std::vector<Address>& known) {
  if (known.size() <= 1 && policy_ == DnsPolicy::kAny) return known;
  const size_t turn = select_ == DnsSelect::kRoundRobin ? next_turn(host) : 0;
  std::vector<Address> chosen;
  for (const auto& group : groups(policy_, known)) {
    if (!group.empty()) chosen.push_back(one_of(group, turn));
  }
  return chosen;
}

const Address& AddressChoice::one_of(const std::vector<Address>& addresses, size_t turn) {
  if (select_ != DnsSelect::kRandom) return addresses[turn % addresses.size()];
  return addresses[std::uniform_int_distribution<size_t>(0, addresses.size() - 1)(random_)];
}

size_t AddressChoice::next_turn(const std::string& host) {
  if (turns_.size() >= limits::kDnsNames) turns_.clear();
  return turns_[host]++;
}

}  // namespace perigee
