#include "engine/net/host_table.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

HostEntry entry(const char* pattern, const char* ip, uint16_t port = 0) {
  return {.pattern = pattern, .ip = *Address::parse(ip, 0), .port = port};
}

std::string found(const HostTable& table, std::string_view host, uint16_t port = 80) {
  const auto address = table.find(host, port);
  return address ? address->text() : "none";
}

TEST_CASE("a host has the address it is given, and the request's port unless it has its own") {
  const HostTable table(
      {entry("a.test", "10.0.0.1"), entry("b.test", "10.0.0.2", 8080), entry("c.test", "::1")}, {});
  CHECK(found(table, "a.test", 81) == "10.0.0.1:81");
  CHECK(found(table, "A.Test") == "10.0.0.1:80");
  CHECK(found(table, "b.test", 81) == "10.0.0.2:8080");
  CHECK(found(table, "c.test") == "[::1]:80");
  CHECK(found(table, "x.a.test") == "none");
}

TEST_CASE("a pattern with a port goes before one without") {
  const HostTable table({entry("a.test", "10.0.0.1"), entry("a.test:443", "10.0.0.2"),
                         entry("*.test:81", "10.0.0.3")},
                        {});
  CHECK(found(table, "a.test", 80) == "10.0.0.1:80");
  CHECK(found(table, "a.test", 443) == "10.0.0.2:443");
  CHECK(found(table, "a.test", 81) == "10.0.0.3:81");
}

TEST_CASE("a star stands for anything before it; the closest pattern counts") {
  const HostTable table({entry("*", "10.0.0.1"), entry("*.a.test", "10.0.0.2"),
                         entry("*b.a.test", "10.0.0.3"), entry("b.a.test", "10.0.0.4")},
                        {});
  CHECK(found(table, "other") == "10.0.0.1:80");
  CHECK(found(table, "a.test") == "10.0.0.1:80");
  CHECK(found(table, "x.y.a.test") == "10.0.0.2:80");
  CHECK(found(table, "bb.a.test") == "10.0.0.3:80");
  CHECK(found(table, "b.a.test") == "10.0.0.4:80");
}

TEST_CASE("blocked names are refused, addresses are not names") {
  const HostTable table({}, {"*.bad.test", "worse.test", "127.0.0.1"});
  CHECK(table.blocks("www.BAD.test"));
  CHECK(table.blocks("worse.test"));
  CHECK_FALSE(table.blocks("bad.test"));
  CHECK_FALSE(table.blocks("good.test"));
  CHECK_FALSE(table.blocks("127.0.0.1"));
  CHECK_FALSE(HostTable().blocks("a"));
}

}  // namespace
}  // namespace perigee
