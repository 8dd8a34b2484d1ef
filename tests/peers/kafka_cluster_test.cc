// Three nodes of Apache Kafka, one of which is killed in the middle of load.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/modules/kafka/broker_count.h"
#include "tests/process/script_run.h"

namespace perigee {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(fmt::format("{} is not set", name));
  return value;
}

pid_t node(int id) {
  pid_t pid = 0;
  std::ifstream(fmt::format("{}/{}", variable("KAFKA_PIDS"), id)) >> pid;
  if (pid <= 0) throw std::runtime_error(fmt::format("node {} has no process", id));
  return pid;
}

}  // namespace

TEST_CASE("a leader that is killed under load costs an idempotent producer nothing") {
  constexpr int64_t kMessages = 20'000;
  ScriptRun run(fmt::format(R"lua(
local kafka = require "perigee.kafka"
local servers = "{}"
local admin = kafka.admin{{ ["bootstrap.servers"] = servers }}
local producer = kafka.producer{{ ["bootstrap.servers"] = servers, acks = "all",
  ["enable.idempotence"] = true }}
return {{
  setup = function()
    assert(admin:create_topic{{ topic = "replicated", partitions = 1, replication_factor = 3 }})
  end,
  default = function()
    local first = producer:produce{{ topic = "replicated", value = "first" }}
    assert(first.error == nil, first.error and first.error.message)
    for i = 2, {} do
      producer:send("replicated", tostring(i))
      if i == 5000 then print(admin:describe_topic("replicated")[1].leader .. " leads so far") end
    end
  end,
  teardown = function()
    assert(producer:produce{{ topic = "replicated", value = "last" }}.error == nil)
    print("then " .. admin:describe_topic("replicated")[1].leader .. " leads")
  end,
}}
)lua",
                            variable("KAFKA_SERVERS"), kMessages),
                {"--workers", "1"});
  run.process().wait_for_error(" leads so far");
  const std::string log = run.process().err();
  const int leader = std::stoi(log.substr(log.find(" leads so far") - 1, 1));
  kill(node(leader), SIGKILL);
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.log().find(fmt::format("then {} leads", leader)) == std::string::npos);
  CHECK(run.count("kafka_messages_delivered") == kMessages + 1);
  CHECK(run.count("kafka_messages_failed") == 0);
  CHECK(broker_count(variable("KAFKA_SERVERS"), "replicated", 1) == kMessages + 1);
}

}  // namespace perigee
