// Servers that are no brokers.
#include <string>

#include <doctest/doctest.h>

#include "tests/modules/kafka/kafka_fixture.h"
#include "tests/support/raw_server.h"

namespace perigee {

TEST_CASE("a port that speaks HTTP is named as a web server's") {
  RawServer server({{RawServer::send("HTTP/1.1 400 Bad Request\r\n\r\n")}});
  ScriptFixture script(
      kafka_script(fmt::format("127.0.0.1:{}", server.port()), R"lua(
    local report = producer:produce{ topic = "t", value = "v" }
    assert(report.error.name == "_MSG_TIMED_OUT", report.error.name)
  )lua",
                   R"lua(local producer = kafka.producer{ ["bootstrap.servers"] = servers,
      ["message.timeout.ms"] = 1000 })lua"));
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
  CHECK(script.told("a web server listens there, no broker"));
  CHECK(script.sum("kafka_errors") > 0);
}

}  // namespace perigee
