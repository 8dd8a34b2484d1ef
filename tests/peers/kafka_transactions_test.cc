// Transactions at Apache Kafka: what readers see of them, and how far they are behind.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

std::string servers() {
  const char* const value = std::getenv("KAFKA_SERVERS");
  if (value == nullptr) throw std::runtime_error("KAFKA_SERVERS is not set");
  return value;
}

ScriptRun run_script(const std::string& clients, const std::string& body) {
  return ScriptRun(fmt::format(R"lua(
local kafka = require "perigee.kafka"
local servers = "{}"
local admin = kafka.admin{{ ["bootstrap.servers"] = servers }}
local function consumer(topic, level)
  return kafka.consumer{{ ["bootstrap.servers"] = servers, ["isolation.level"] = level,
    partitions = {{ {{ topic = topic, partition = 0, offset = "beginning" }} }} }}
end
local function read(from, count)
  local values = {{}}
  for _, message in ipairs(from:poll{{ min = count, timeout = "20s" }}) do
    values[#values + 1] = message.value
  end
  return table.concat(values, " ")
end
{}
return {{ default = function()
  {}
end }}
)lua",
                               servers(), clients, body),
                   {"--workers", "1", "-u", "1"});
}

void check_good(ScriptRun& run) {
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iteration_errors") == 0);
}

constexpr const char* kProducer = R"lua(
local producer = kafka.producer{ ["bootstrap.servers"] = servers, ["linger.ms"] = 0,
  ["transactional.id"] = "tester" }
)lua";

}  // namespace

TEST_CASE("readers see what is committed, and nothing of what is aborted") {
  ScriptRun run = run_script(std::string(kProducer) + R"lua(
local committed = consumer("transactions", "read_committed")
local all = consumer("transactions", "read_uncommitted"))lua",
                             R"lua(
  assert(admin:create_topic{ topic = "transactions", partitions = 1 })
  -- An abort right behind a commit, again and again.
  for round = 1, 3 do
    assert(producer:begin_transaction())
    producer:send("transactions", "good" .. round)
    assert(producer:commit_transaction())
    assert(producer:begin_transaction())
    producer:send("transactions", "bad" .. round)
    assert(producer:abort_transaction())
  end
  assert(read(committed, 3) == "good1 good2 good3")
  assert(read(all, 6) == "good1 bad1 good2 bad2 good3 bad3")
  )lua");
  check_good(run);
  CHECK(run.count("kafka_messages_delivered") == 6);
  CHECK(run.count("kafka_transactions") == 6);
}

TEST_CASE("the offsets of a transaction are committed with it") {
  ScriptRun run = run_script(std::string(kProducer) + R"lua(
local reader = kafka.consumer{ ["bootstrap.servers"] = servers, ["group.id"] = "exactly",
  ["enable.auto.commit"] = false,
  partitions = { { topic = "source", partition = 0, offset = "beginning" } } })lua",
                             R"lua(
  assert(admin:create_topic{ topic = "source", partitions = 1 })
  assert(producer:begin_transaction())
  for i = 1, 5 do producer:send("source", tostring(i)) end
  assert(producer:commit_transaction())
  assert(read(reader, 5) == "1 2 3 4 5")
  assert(admin:group_lag("exactly", "source")[1].committed == nil)
  assert(producer:begin_transaction())
  assert(producer:send_offsets(reader))
  assert(producer:commit_transaction())
  -- The mark of the commit is the sixth: a reader may have passed it.
  local committed = assert(admin:group_lag("exactly", "source", "20s"))[1].committed
  assert(committed == 5 or committed == 6, tostring(committed))
  )lua");
  check_good(run);
}

}  // namespace perigee
