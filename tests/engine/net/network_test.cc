#include "engine/net/network.h"

#include "tests/support/loop_fixture.h"

namespace perigee {
namespace {

AddressRange range(const char* text) {
  return *AddressRange::parse(text);
}

TEST_CASE_FIXTURE(LoopFixture, "each VU has its own of the local addresses, around and around") {
  NetOptions options;
  options.local_ips = {range("10.0.0.1-10.0.0.3"), range("10.1.0.1")};
  const Network network(loop, options);
  CHECK(network.local_address(0).ip() == "10.0.0.1");
  CHECK(network.local_address(1).ip() == "10.0.0.1");
  CHECK(network.local_address(3).ip() == "10.0.0.3");
  CHECK(network.local_address(4).ip() == "10.1.0.1");
  CHECK(network.local_address(5).ip() == "10.0.0.1");
  CHECK(Network(loop).local_address(1).empty());
}

TEST_CASE_FIXTURE(LoopFixture, "networks beyond counting have an address for everybody") {
  NetOptions options;
  options.local_ips = {range("10.0.0.1"), range("fd00::/8"), range("fc00::/8")};
  const Network network(loop, options);
  CHECK(network.local_address(1).ip() == "10.0.0.1");
  CHECK(network.local_address(2).ip() == "fd00::");
  CHECK(network.local_address(1'000'002).ip() == "fd00::f:4240");
}

TEST_CASE_FIXTURE(LoopFixture, "addresses of blocked ranges are refused") {
  NetOptions options;
  options.blocked_ips = {range("10.0.0.0/8"), range("::1")};
  const Network network(loop, options);
  CHECK(network.blocks(*Address::parse("10.1.2.3", 80)));
  CHECK(network.blocks(*Address::parse("::1", 80)));
  CHECK_FALSE(network.blocks(*Address::parse("11.0.0.1", 80)));
  CHECK_FALSE(Network(loop).blocks(*Address::parse("10.1.2.3", 80)));
}

}  // namespace
}  // namespace perigee
