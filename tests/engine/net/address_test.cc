#include "engine/net/address.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("an IPv4 address is read and written") {
  const auto address = Address::parse("127.0.0.1", 8080);
  REQUIRE(address);
  CHECK_FALSE(address->v6());
  CHECK(address->ip() == "127.0.0.1");
  CHECK(address->port() == 8080);
  CHECK(address->text() == "127.0.0.1:8080");
}

TEST_CASE(
    "an IPv6 address is read with and without brackets, and written with them before a port") {
  CHECK(Address::parse("::1", 80)->text() == "[::1]:80");
  CHECK(Address::parse("[fe80::12]", 443)->text() == "[fe80::12]:443");
  CHECK(Address::parse("::1", 80)->ip() == "::1");
  CHECK(Address::parse("::1", 80)->v6());
}

TEST_CASE("addresses of this machine alone are known") {
  for (const char* ip : {"127.0.0.1", "127.9.9.9", "::1"})
    CHECK(Address::parse(ip, 80)->loopback());
  for (const char* ip : {"128.0.0.1", "10.0.0.127", "::", "::2", "fe80::1"})
    CHECK_FALSE(Address::parse(ip, 80)->loopback());
}

TEST_CASE("names and malformed addresses are no addresses") {
  CHECK_FALSE(Address::parse("localhost", 80));
  CHECK_FALSE(Address::parse("127.0.0", 80));
  CHECK_FALSE(Address::parse("127.0.0.256", 80));
  CHECK_FALSE(Address::parse("[::1", 80));
  CHECK_FALSE(Address::parse("", 80));
}

TEST_CASE("an address can take another port and stays what it was") {
  const Address before = *Address::parse("::1", 80);
  CHECK(before.with_port(9000).text() == "[::1]:9000");
  CHECK(before.port() == 80);
}

TEST_CASE("addresses are the same when family, IP and port are") {
  const auto address = [](const char* ip, uint16_t port) { return *Address::parse(ip, port); };
  CHECK(address("127.0.0.1", 80) == address("127.0.0.1", 80));
  CHECK(address("127.0.0.1", 80) != address("127.0.0.1", 81));
  CHECK(address("127.0.0.1", 80) != address("127.0.0.2", 80));
  CHECK(address("::1", 80) == address("[::1]", 80));
  CHECK(address("::1", 80) != address("::2", 80));
  CHECK(address("::", 80) != address("0.0.0.0", 80));
  CHECK(Address() == Address());
}

TEST_CASE("an address of no connection is empty") {
  CHECK(Address().empty());
  CHECK_FALSE(Address::parse("0.0.0.0", 0)->empty());
}

}  // namespace
}  // namespace perigee
