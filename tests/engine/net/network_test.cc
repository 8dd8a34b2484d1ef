#include "engine/net/network.h"

#include "tests/support/loop_fixture.h"

namespace perigee {
namespace {

AddressRange range(const char* text) {
  return *AddressRange::parse(text);
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
