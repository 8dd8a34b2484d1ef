// Messages to and from Apache Kafka, counted by its own console consumer.
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(fmt::format("{} is not set", name));
  return value;
}

// What Kafka's own consumer finds in a topic, message by message.
std::vector<std::string> read_topic(const std::string& topic, const std::string& silence_ms) {
  const ProcessResult result =
      run_process({"java", "-cp", variable("KAFKA_LIBS") + "/*",
                   "org.apache.kafka.tools.consumer.ConsoleConsumer", "--bootstrap-server",
                   variable("KAFKA_SERVERS"), "--topic", topic, "--from-beginning", "--timeout-ms",
                   silence_ms});
  std::vector<std::string> values;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);)
    values.push_back(line);
  return values;
}

// What Kafka's own consumer finds. On a busy machine its start alone may take the silence after
// which it ends, so that one that finds too little looks again for longer.
std::vector<std::string> console_consumer(const std::string& topic, size_t expected) {
  const std::vector<std::string> values = read_topic(topic, "4000");
  return values.size() < expected ? read_topic(topic, "30000") : values;
}

void create_topic(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{"java",
                                   "-cp",
                                   variable("KAFKA_LIBS") + "/*",
                                   "org.apache.kafka.tools.TopicCommand",
                                   "--bootstrap-server",
                                   variable("KAFKA_SERVERS"),
                                   "--create",
                                   "--topic"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const ProcessResult result = run_process(command);
  CHECK_MESSAGE(result.exit_code == 0, result.out << result.err);
}

// The node's process, which is started again when it has died.
pid_t broker() {
  pid_t pid = 0;
  std::ifstream(variable("KAFKA_PID")) >> pid;
  return pid;
}

std::string script(const std::string& settings, const std::string& options,
                   const std::string& body) {
  return fmt::format(R"lua(
local kafka = require "perigee.kafka"
local servers = "{}"
local producer = kafka.producer{{ ["bootstrap.servers"] = servers, {} }}
return {{ options = {{ {} }}, default = function() {} end }}
)lua",
                     variable("KAFKA_SERVERS"), settings, options, body);
}

}  // namespace

TEST_CASE("what is delivered is what Kafka's own consumer counts, with every compression") {
  for (const std::string codec : {"none", "gzip", "snappy", "lz4", "zstd"}) {
    CAPTURE(codec);
    create_topic({"codec-" + codec});
    ScriptRun run(script(fmt::format(R"(["compression.type"] = "{}")", codec),
                         "vus = 10, iterations = 200",
                         fmt::format(R"lua(
      for i = 1, 10 do producer:send("codec-{0}", "value " .. i, "key") end
      assert(producer:produce{{ topic = "codec-{0}", value = "last" }}.error == nil))lua",
                                     codec)));
    INFO(run.log());
    CHECK(run.exit_code() == 0);
    CHECK(run.count("kafka_messages_delivered") == 2200);
    CHECK(console_consumer("codec-" + codec, 2200).size() == 2200);
  }
}

TEST_CASE("a group reads what was produced, and commits where it is") {
  create_topic({"read"});
  ScriptRun run(fmt::format(R"lua(
local kafka = require "perigee.kafka"
local servers = "{}"
local producer = kafka.producer{{ ["bootstrap.servers"] = servers, stamp = true }}
local consumer = kafka.consumer{{ ["bootstrap.servers"] = servers, ["group.id"] = "readers",
  topics = {{ "read" }}, ["auto.offset.reset"] = "earliest" }}
return {{ options = {{ vus = 1, iterations = 1 }}, default = function()
  assert(consumer:await_assignment("40s"))
  for i = 1, 1000 do producer:send{{ topic = "read", value = tostring(i), headers = {{ n = i }} }} end
  local sum = 0
  while sum < 500500 do
    for _, message in ipairs(consumer:poll{{ timeout = "20s" }}) do
      assert(message.value == message.headers.n and message.timestamp > 1.7e12)
      sum = sum + tonumber(message.value)
    end
  end
  assert(sum == 500500 and consumer:commit() and consumer:lag() == 0)
end }}
)lua",
                            variable("KAFKA_SERVERS")),
                {"--workers", "1"});
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("kafka_messages_consumed") == 1000);
  CHECK(run.summary()["metrics"].contains("kafka_end_to_end_duration"));
}

TEST_CASE(
    "a group that changes while it reads loses no message, and its lag is that of all members") {
  create_topic({"changing"});
  ScriptRun filled(script("", "vus = 1, iterations = 1", R"lua(
    for i = 1, 1000 do producer:send("changing", "value", i) end)lua"));
  CHECK(filled.exit_code() == 0);
  ScriptRun run(fmt::format(R"lua(
local kafka = require "perigee.kafka"
local consumer = kafka.consumer{{ ["bootstrap.servers"] = "{}", ["group.id"] = "changing",
  topics = {{ "changing" }}, ["auto.offset.reset"] = "earliest", per_vu = true }}
return {{ options = {{ vus = 2, iterations = 2 }}, default = function()
  assert(consumer:await_assignment("40s"))
  local silent = 0
  while silent < 3 do
    silent = #consumer:poll{{ timeout = "1s" }} == 0 and silent + 1 or 0
  end
end }}
)lua",
                            variable("KAFKA_SERVERS")));
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iteration_errors") == 0);
  // What was read and not yet committed when the group changed is read again.
  CHECK(run.count("kafka_messages_consumed") >= 1000);
  CHECK(run.count("kafka_rebalances") >= 2);
  CHECK(run.summary()["metrics"]["kafka_consumer_lag"]["value"] == 0);
}

TEST_CASE("topics are made, described and deleted") {
  ScriptRun run(fmt::format(R"lua(
local kafka = require "perigee.kafka"
local admin = kafka.admin{{ ["bootstrap.servers"] = "{}" }}
local producer = kafka.producer{{ ["bootstrap.servers"] = "{}" }}
local function names() return " " .. table.concat(assert(admin:list_topics()), " ") .. " " end
return {{ default = function()
  assert(admin:create_topic{{ topic = "made", partitions = 3, config = {{ ["max.message.bytes"] = 2000 }} }})
  local created, failure = admin:create_topic{{ topic = "made" }}
  assert(created == nil and failure.name == "TOPIC_ALREADY_EXISTS", failure.name)
  while not names():find(" made ") do end
  assert(#admin:describe_topic("made") == 3)
  assert(producer:produce{{ topic = "made", value = "v", partition = 2 }}.error == nil)
  assert(admin:offsets("made")[3].next == 1)
  assert(producer:produce{{ topic = "made", value = ("x"):rep(5000) }}.error.name == "MSG_SIZE_TOO_LARGE")
  assert(admin:delete_topic("made"))
  created, failure = admin:delete_topic("never made")
  assert(created == nil and failure.name == "INVALID_TOPIC_EXCEPTION" or
    failure.name == "UNKNOWN_TOPIC_OR_PART", failure.name)
end }}
)lua",
                            variable("KAFKA_SERVERS"), variable("KAFKA_SERVERS")));
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iteration_errors") == 0);
}

TEST_CASE("a message that is too large for its topic fails with the broker's error") {
  create_topic({"small", "--config", "max.message.bytes=2000"});
  ScriptRun run(script("", "vus = 1, iterations = 1", R"lua(
    local report = producer:produce{ topic = "small", value = ("x"):rep(5000) }
    assert(report.error.name == "MSG_SIZE_TOO_LARGE", report.error.name)
    assert(producer:produce{ topic = "small", value = "x" }.error == nil))lua"));
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iteration_errors") == 0);
  CHECK(run.count("kafka_messages_failed") == 1);
}

TEST_CASE("a topic that can't be is an error of its messages") {
  ScriptRun run(script(R"(["message.timeout.ms"] = 5000)", "vus = 1, iterations = 1", R"lua(
    local report = producer:produce{ topic = "no such topic!", value = "x" }
    assert(report.error, "delivered")
    print("refused: " .. report.error.name))lua"));
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iteration_errors") == 0);
  CHECK(run.count("kafka_messages_failed") == 1);
  CHECK(run.log().find("refused: TOPIC_EXCEPTION") != std::string::npos);
}

TEST_CASE("a broker that is killed again and again costs an idempotent producer nothing") {
  create_topic({"killed"});
  constexpr uint64_t kMessages = 100'000;
  ScriptRun run(script(R"(["enable.idempotence"] = true, ["queue.buffering.max.messages"] = 20000)",
                       "vus = 1, iterations = 1",
                       fmt::format(R"lua(
    for i = 1, {0} do
      producer:send("killed", tostring(i))
      if i % {1} == 0 and i < {0} then
        assert(producer:produce{{ topic = "killed", value = "mark" }}.error == nil)
        print("kill " .. i / {1})
        assert(producer:produce{{ topic = "killed", value = "mark" }}.error == nil)
      end
    end)lua",
                                   kMessages, kMessages / 4)));
  for (int round = 1; round <= 3; ++round) {
    run.process().wait_for_error(fmt::format("kill {}", round));
    kill(broker(), SIGKILL);
  }
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("kafka_messages_delivered") == kMessages + 6);
  CHECK(run.count("kafka_messages_failed") == 0);
  CHECK(console_consumer("killed", kMessages + 6).size() == kMessages + 6);
}

}  // namespace perigee
