#include <doctest/doctest.h>

#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

// A client whose network has options, and a server.
struct OptionsFixture : HttpFixture {
  NetOptions options;
  RawServer server{{{RawServer::request(), RawServer::send(ok("hello")), RawServer::hang()}}};

  std::string at(const std::string& host) const {
    return "http://" + host + ":" + std::to_string(server.port()) + "/";
  }
  Response get_with_options(const std::string& url, uint64_t user = 1) {
    Network own(loop, options);
    own.resolver().remember("many.test", {.addresses = {*Address::parse("127.0.0.1", 0),
                                                        *Address::parse("127.0.0.2", 0)},
                                          .error = {}});
    Client configured(loop, own, deadlines, {.user_agent = "t"});
    ConnectionPool users(traffic, user);
    Answer answer;
    answer.after_end = [&] { loop.stop(); };
    answer.start(configured, users, request(url));
    CHECK(answer.ends == 0);
    run();
    return answer.response;
  }
};

HostEntry entry(const char* pattern, const char* ip, uint16_t port = 0) {
  return {.pattern = pattern, .ip = *Address::parse(ip, 0), .port = port};
}

TEST_CASE_FIXTURE(OptionsFixture, "a host of the options is reached there, and keeps its name") {
  options.hosts = {entry("*.shop.test", "127.0.0.1")};
  CHECK(get_with_options(at("www.shop.test")).body == "hello");
  CHECK(server.requests().at(0).find("\r\nHost: www.shop.test:") != std::string::npos);
}

TEST_CASE_FIXTURE(OptionsFixture, "a host of the options may have another port") {
  options.hosts = {entry("shop.test:80", "127.0.0.1", server.port())};
  CHECK(get_with_options("http://shop.test/").body == "hello");
  CHECK(server.requests().at(0).find("\r\nHost: shop.test\r\n") != std::string::npos);
}

TEST_CASE_FIXTURE(OptionsFixture, "blocked host names fail without a look-up") {
  options.blocked_hostnames = {"*.test"};
  options.hosts = {entry("a.test", "127.0.0.1")};
  const Error error = get_with_options(at("a.test")).outcome.error;
  CHECK(error.text == "hostname is blocked");
  CHECK(static_cast<int>(error.code) == 1111);
}

TEST_CASE_FIXTURE(OptionsFixture, "blocked addresses fail, however they were found") {
  options.blocked_ips = {*AddressRange::parse("127.0.0.0/8")};
  options.hosts = {entry("a.test", "127.0.0.1")};
  for (const auto* host : {"127.0.0.1", "a.test", "many.test"}) {
    const Error error = get_with_options(at(host)).outcome.error;
    CHECK(error.text == "ip is blacklisted");
    CHECK(static_cast<int>(error.code) == 1110);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE_FIXTURE(OptionsFixture,
                  "an address that is not blocked does not stand in for one that is") {
  options.dns.select = DnsSelect::kFirst;
  options.dns.policy = DnsPolicy::kAny;
  options.blocked_ips = {*AddressRange::parse("127.0.0.1")};
  CHECK(static_cast<int>(get_with_options(at("many.test")).outcome.error.code) == 1110);
  options.blocked_ips = {*AddressRange::parse("127.0.0.2")};
  CHECK(get_with_options(at("many.test")).body == "hello");
}

TEST_CASE_FIXTURE(OptionsFixture,
                  "a host without an address of the family that is asked for fails") {
  options.dns.policy = DnsPolicy::kOnlyIpv6;
  const Error error = get_with_options(at("many.test")).outcome.error;
  CHECK(error.text == "lookup: no such host (it has addresses, but none that dns.policy allows)");
  CHECK(static_cast<int>(error.code) == 1101);
  // Addresses are meant as they are written.
  CHECK(get_with_options(at("127.0.0.1")).body == "hello");
}

TEST_CASE_FIXTURE(OptionsFixture, "connections come from the VU's own address") {
  options.local_ips = {*AddressRange::parse("127.0.0.5-127.0.0.6")};
  RawServer echo({{RawServer::request(), RawServer::send(ok("x")), RawServer::hang()}});
  CHECK(get_with_options(at("127.0.0.1"), 1).body == "hello");
  CHECK(get_with_options(at("127.0.0.1"), 2).body == "hello");
  CHECK(server.peers() == std::vector<std::string>{"127.0.0.5", "127.0.0.6"});
}

TEST_CASE_FIXTURE(OptionsFixture, "a local address that is not this machine's is told") {
  options.local_ips = {*AddressRange::parse("192.0.2.77")};
  const Error error = get_with_options(at("127.0.0.1")).outcome.error;
  CHECK(error.text ==
        "dial: can't connect from 192.0.2.77: it is no address of this machine, or all of its "
        "ports are in use");
  CHECK(static_cast<int>(error.code) == 1213);
}

TEST_CASE_FIXTURE(OptionsFixture, "a local address of the other family is told") {
  options.local_ips = {*AddressRange::parse("::1")};
  const Error error = get_with_options(at("127.0.0.1")).outcome.error;
  CHECK(error.text == "dial: the host has no IPv6 address to reach from ::1");
  CHECK(static_cast<int>(error.code) == 1210);
}

}  // namespace
}  // namespace perigee::http
