#include "engine/net/local_addresses.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

LocalAddresses addresses(const std::vector<const char*>& texts) {
  std::vector<AddressRange> ranges;
  for (const char* text : texts)
    ranges.push_back(*AddressRange::parse(text));
  return LocalAddresses(ranges);
}

TEST_CASE("each user has an address, around and around") {
  const LocalAddresses local = addresses({"10.0.0.1-10.0.0.3", "10.1.0.1"});
  CHECK(local.of(0).ip() == "10.0.0.1");
  CHECK(local.of(1).ip() == "10.0.0.1");
  CHECK(local.of(3).ip() == "10.0.0.3");
  CHECK(local.of(4).ip() == "10.1.0.1");
  CHECK(local.of(5).ip() == "10.0.0.1");
  CHECK(LocalAddresses().of(1).empty());
}

TEST_CASE("networks beyond counting have an address for everybody") {
  const LocalAddresses local = addresses({"10.0.0.1", "fd00::/8", "fc00::/8"});
  CHECK(local.of(1).ip() == "10.0.0.1");
  CHECK(local.of(2).ip() == "fd00::");
  CHECK(local.of(1'000'002).ip() == "fd00::f:4240");
}

TEST_CASE("an address that is another machine's is found before it is used") {
  const LocalAddresses local = addresses({"127.0.0.5-127.0.0.6", "192.0.2.77"});
  CHECK_NOTHROW(local.check(2));
  CHECK_THROWS_WITH_AS(local.check(3),
                       "localIPs (--local-ips): 192.0.2.77 can't be used: Cannot assign requested "
                       "address; name addresses that this machine has (ip address)",
                       ConfigError);
  CHECK_NOTHROW(LocalAddresses().check(10));
}

}  // namespace
}  // namespace perigee
