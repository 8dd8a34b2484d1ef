// A script that sends messages to a mock cluster and reads them.
#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "modules/kafka/mock_cluster.h"
#include "tests/support/script_fixture.h"

namespace perigee {

// What scripts of these tests begin with: `kafka`, `servers`, and what `top` adds.
inline std::string kafka_script(const std::string& servers, std::string_view body,
                                std::string_view top) {
  return fmt::format(R"lua(
    local kafka = require "perigee.kafka"
    local servers = "{}"
    {}
    return {{ default = function() {} end }}
  )lua",
                     servers, top, body);
}

inline constexpr std::string_view kProducer =
    R"lua(local producer = kafka.producer{ ["bootstrap.servers"] = servers, ["linger.ms"] = 0 })lua";

// The cluster, and a script for it.
struct KafkaScript {
  explicit KafkaScript(std::string_view body, std::string_view top = kProducer, int brokers = 1)
      : cluster(brokers), script(kafka_script(cluster.bootstrap(), body, top)) {}

  // One iteration that must end well.
  void run() {
    const IterationResult result = script.iterate();
    INFO(script.vu().error());
    CHECK(result == IterationResult::kCompleted);
  }

  // Until nothing is on its way any more, or `limit` is over.
  void flush(Duration limit = std::chrono::seconds(10)) {
    bool flushed = false;
    script.host().flush(script.loop().now() + limit, [&] { flushed = true; });
    while (!flushed)
      script.loop().run_once();
  }

  // The four counts of messages that make the books.
  void check_books(double produced, double delivered, double failed, double interrupted) {
    CHECK(script.sum("kafka_messages_produced") == produced);
    CHECK(script.sum("kafka_messages_delivered") == delivered);
    CHECK(script.sum("kafka_messages_failed") == failed);
    CHECK(script.sum("kafka_messages_interrupted") == interrupted);
  }

  kafka::MockCluster cluster;
  ScriptFixture script;
};

}  // namespace perigee
