#include "engine/export/prometheus/listen_address.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee::exports {

TEST_CASE("an address may lack its host or its port") {
  CHECK(parse_listen_address("").text() == "127.0.0.1:9464");
  CHECK(parse_listen_address(":9000").text() == "0.0.0.0:9000");
  CHECK(parse_listen_address("9000").text() == "127.0.0.1:9000");
  CHECK(parse_listen_address("127.0.0.1:0").text() == "127.0.0.1:0");
  CHECK(parse_listen_address("10.0.0.1").text() == "10.0.0.1:9464");
  CHECK(parse_listen_address("localhost:9000").text() == "127.0.0.1:9000");
  CHECK(parse_listen_address("[::1]:9000").text() == "[::1]:9000");
  CHECK(parse_listen_address("[::]").text() == "[::]:9464");
  CHECK(parse_listen_address("::1").text() == "[::1]:9464");
}

TEST_CASE("what is no address is refused with what to write") {
  for (const char* text :
       {":", "host:9464", ":port", ":70000", "127.0.0.1:", "http://127.0.0.1:1"}) {
    INFO(text);
    CHECK_THROWS_WITH_AS(parse_listen_address(text),
                         ("\"" + std::string(text) +
                          "\" is no address to listen at; write a port like :9464, or an IP "
                          "address with a port like 127.0.0.1:9464")
                             .c_str(),
                         ConfigError);
  }
}

}  // namespace perigee::exports
