// Which of a name's addresses a connection goes to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/base/random_generator.h"
#include "engine/net/net_options.h"

namespace perigee {

// Of one thread.
class AddressChoice {
 public:
  // `seed` decides what is random.
  AddressChoice(DnsSelect select, DnsPolicy policy, uint64_t seed);

  // What a connection to `host` tries, one after the other: one address of the family that the
  // policy prefers, chosen as k6 chooses it, and one of the other if the policy allows it. None if
  // there is none that it allows. `known` is in the system's order.
  std::vector<Address> choose(const std::string& host, const std::vector<Address>& known);

 private:
  const Address& one_of(const std::vector<Address>& addresses, size_t turn);
  size_t next_turn(const std::string& host);

  const DnsSelect select_;
  const DnsPolicy policy_;
  RandomGenerator random_;
  std::map<std::string, size_t> turns_;
};

}  // namespace perigee
