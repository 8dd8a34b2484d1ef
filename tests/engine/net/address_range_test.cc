#include "engine/net/address_range.h"

#include <limits>

#include <doctest/doctest.h>

namespace perigee {
namespace {

bool holds(const char* range, const char* ip) {
  return AddressRange::parse(range)->contains(*Address::parse(ip, 80));
}

TEST_CASE("a range is a network, two ends or one address") {
  CHECK(AddressRange::parse("10.1.2.3/8")->text() == "10.0.0.0-10.255.255.255");
  CHECK(AddressRange::parse("192.168.0.10 - 192.168.0.25")->text() == "192.168.0.10-192.168.0.25");
  CHECK(AddressRange::parse("127.0.0.1")->text() == "127.0.0.1");
  CHECK(AddressRange::parse("1.2.3.4/32")->text() == "1.2.3.4");
  CHECK(AddressRange::parse("0.0.0.0/0")->text() == "0.0.0.0-255.255.255.255");
  CHECK(AddressRange::parse("fd00::5/120")->text() == "fd00::-fd00::ff");
  CHECK(AddressRange::parse("::/0")->text() == "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
}

TEST_CASE("what is no range is refused") {
  for (const char* text : {"", "a", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "::/129", "10.0.0.2-10.0.0.1", "10.0.0.1-::1", "10.0.0.1-", "/8"}) {
    CHECK_MESSAGE(!AddressRange::parse(text), text);
  }
}

TEST_CASE("both ends belong to a range, whatever the port") {
  CHECK(holds("10.0.0.0/8", "10.0.0.0"));
  CHECK(holds("10.0.0.0/8", "10.255.255.255"));
  CHECK_FALSE(holds("10.0.0.0/8", "11.0.0.0"));
  CHECK_FALSE(holds("10.0.0.0/8", "9.255.255.255"));
  CHECK(holds("10.0.0.5-10.0.0.9", "10.0.0.9"));
  CHECK_FALSE(holds("10.0.0.5-10.0.0.9", "10.0.0.10"));
  CHECK(holds("fd00::/16", "fd00::1"));
  CHECK_FALSE(holds("fd00::/16", "fe00::1"));
}

TEST_CASE("families do not meet") {
  CHECK_FALSE(holds("0.0.0.0/0", "::1"));
  CHECK_FALSE(holds("::/0", "127.0.0.1"));
}

TEST_CASE("addresses of a range are counted from the first") {
  const auto range = AddressRange::parse("10.0.0.254-10.0.1.2");
  CHECK(range->count() == 5);
  CHECK(range->nth(0).ip() == "10.0.0.254");
  CHECK(range->nth(2).ip() == "10.0.1.0");
  CHECK(range->nth(4).ip() == "10.0.1.2");
  CHECK(AddressRange::parse("0.0.0.0/0")->count() == 4'294'967'296);
  CHECK(AddressRange::parse("::ffff:ffff:ffff:0/112")->count() == 65'536);
  CHECK(AddressRange::parse("::fffe-::1:1")->count() == 4);
  CHECK(AddressRange::parse("fd00::/16")->count() == std::numeric_limits<uint64_t>::max());
  CHECK(AddressRange::parse("fd00::/16")->nth(65'536).ip() == "fd00::1:0");
}

TEST_CASE("hosts leave out what a network keeps for itself") {
  CHECK(AddressRange::parse_hosts("192.168.0.0/24")->text() == "192.168.0.1-192.168.0.254");
  CHECK(AddressRange::parse_hosts("192.168.0.0/31")->text() == "192.168.0.0-192.168.0.1");
  CHECK(AddressRange::parse_hosts("192.168.0.7/32")->text() == "192.168.0.7");
  CHECK(AddressRange::parse_hosts("192.168.0.0-192.168.0.255")->count() == 256);
  CHECK(AddressRange::parse_hosts("fd00::/120")->count() == 256);
  CHECK(!AddressRange::parse_hosts("192.168.0.0/99"));
}

}  // namespace
}  // namespace perigee
