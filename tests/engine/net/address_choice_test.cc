#include "engine/net/address_choice.h"

#include <set>

#include <doctest/doctest.h>

namespace perigee {
namespace {

const std::vector<Address> kMixed{*Address::parse("::1", 0), *Address::parse("10.0.0.1", 0),
                                  *Address::parse("10.0.0.2", 0), *Address::parse("::2", 0)};

std::string chosen(AddressChoice& choice, const std::vector<Address>& known = kMixed,
                   const std::string& host = "h.test") {
  std::string all;
  for (const Address& address : choice.choose(host, known))
    all += (all.empty() ? "" : " ") + address.ip();
  return all;
}

std::string first_of(DnsPolicy policy) {
  AddressChoice choice(DnsSelect::kFirst, policy, 1);
  return chosen(choice);
}

TEST_CASE("a policy prefers or allows a family") {
  CHECK(first_of(DnsPolicy::kPreferIpv4) == "10.0.0.1 ::1");
  CHECK(first_of(DnsPolicy::kPreferIpv6) == "::1 10.0.0.1");
  CHECK(first_of(DnsPolicy::kOnlyIpv4) == "10.0.0.1");
  CHECK(first_of(DnsPolicy::kOnlyIpv6) == "::1");
  CHECK(first_of(DnsPolicy::kAny) == "::1");
}

TEST_CASE("what a policy prefers may be missing, what it demands may not") {
  const std::vector<Address> v4{*Address::parse("10.0.0.1", 0)};
  AddressChoice prefer(DnsSelect::kRandom, DnsPolicy::kPreferIpv6, 1);
  CHECK(chosen(prefer, v4) == "10.0.0.1");
  AddressChoice demand(DnsSelect::kRandom, DnsPolicy::kOnlyIpv6, 1);
  CHECK(chosen(demand, v4).empty());
}

TEST_CASE("round robin takes a name's addresses in turn") {
  AddressChoice choice(DnsSelect::kRoundRobin, DnsPolicy::kOnlyIpv4, 1);
  CHECK(chosen(choice) == "10.0.0.1");
  CHECK(chosen(choice, kMixed, "other.test") == "10.0.0.1");
  CHECK(chosen(choice) == "10.0.0.2");
  CHECK(chosen(choice) == "10.0.0.1");
  CHECK(chosen(choice, kMixed, "other.test") == "10.0.0.2");
}

TEST_CASE("a random choice reaches every address, in an order that the seed decides") {
  std::vector<std::string> sequences[3];
  std::set<std::string> seen;
  const uint64_t seeds[] = {7, 7, 8};
  for (size_t i = 0; i < 3; ++i) {
    AddressChoice choice(DnsSelect::kRandom, DnsPolicy::kAny, seeds[i]);
    for (int n = 0; n < 100; ++n)
      sequences[i].push_back(chosen(choice));
    seen.insert(sequences[i].begin(), sequences[i].end());
  }
  CHECK(seen.size() == kMixed.size());
  CHECK(sequences[0] == sequences[1]);
  CHECK(sequences[0] != sequences[2]);
}

}  // namespace
}  // namespace perigee
