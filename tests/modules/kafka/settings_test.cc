// What kafka.producer, kafka.consumer and messages say to what is wrong.
#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "scripting/script.h"
#include "tests/modules/kafka/kafka_fixture.h"

namespace perigee {
namespace {

// The message of a script that fails while it is loading.
std::string load_error(std::string_view top) {
  try {
    const ScriptFixture script(kafka_script("127.0.0.1:1", "", top));
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

// The message of an iteration that fails.
std::string call_error(std::string_view body) {
  KafkaScript test(body);
  CHECK(test.script.iterate() == IterationResult::kFailed);
  return test.script.vu().error();
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an unknown property is answered with the closest one") {
  const std::pair<std::string_view, std::string_view> kCases[]{
      {R"lua(kafka.producer{ ["bootstrap.server"] = "x" })lua",
       R"(did you mean "bootstrap.servers"?)"},
      {R"lua(kafka.producer{ linger_ms = 5 })lua", R"(did you mean "linger.ms"?)"},
      {R"lua(kafka.producer{ ["socket.timeout.sm"] = 5 })lua",
       R"(did you mean "socket.timeout.ms"?)"},
      {R"lua(kafka.producer{ ["sasl.pasword"] = "x" })lua", R"(did you mean "sasl.password"?)"},
      {R"lua(kafka.producer{ ["message.timeout"] = 5 })lua", R"("message.timeout" of librdkafka)"},
      {R"lua(kafka.consumer{ ["group.ids"] = "x", topics = "t" })lua",
       R"(did you mean "group.id"?)"},
  };
  for (const auto& [call, part] : kCases) {
    const std::string error = load_error(call);
    CAPTURE(error);
    CHECK(has(error, part));
    CHECK(has(error, "script.lua:4: kafka."));
  }
}

TEST_CASE("settings that no client can be made of name what is wrong") {
  const std::pair<std::string_view, std::string_view> kCases[]{
      {R"lua(kafka.producer{ acks = "most" })lua", "acks"},
      {R"lua(kafka.producer{ ["linger.ms"] = -1 })lua", "linger.ms"},
      {R"lua(kafka.producer{ "127.0.0.1:9092" })lua", "settings have names"},
      {R"lua(kafka.producer{ when_full = "drop" })lua", R"(when_full must be "wait" or "error")"},
      {R"lua(kafka.producer{ stamp = 1 })lua", "stamp must be true or false"},
      {R"lua(kafka.producer{ acks = function() end })lua", "acks must be a string"},
      {R"lua(kafka.consumer{ ["group.id"] = "g" })lua", "give it either topics"},
      {R"lua(kafka.consumer{ topics = "t" })lua", R"(give it ["group.id"])"},
      {R"lua(kafka.consumer{ topics = {}, ["group.id"] = "g" })lua", "topics must be"},
      {R"lua(kafka.consumer{ partitions = { { topic = "t" } } })lua", "partition must be"},
      {R"lua(kafka.consumer{ partitions = { { topic = "t", partition = 0, offset = "last" } } })lua",
       R"("beginning", "end" or "committed")"},
  };
  for (const auto& [call, part] : kCases) {
    const std::string error = load_error(call);
    CAPTURE(error);
    const std::string_view wanted = part;
    CAPTURE(wanted);
    CHECK(has(error, part));
    CHECK(has(error, "script.lua:4: kafka."));
  }
}

TEST_CASE("no message shows a password") {
  const std::string error = load_error(
      R"lua(kafka.producer{ ["sasl.password"] = "hunter2222", ["security.protocol"] = "nonsense" })lua");
  CAPTURE(error);
  CHECK(has(error, "security.protocol"));
  CHECK(!has(error, "hunter2222"));
  KafkaScript test(R"lua(print("hunter2222"))lua", R"lua(local producer = kafka.producer{
    ["bootstrap.servers"] = servers, ["sasl.password"] = "hunter2222", debug = "conf" })lua");
  test.run();
  test.flush();
  CHECK(!test.script.told("hunter2222"));
}

TEST_CASE("a message that can't be sent says what is wrong with it") {
  const std::pair<std::string_view, std::string_view> kCases[]{
      {R"lua(producer:send{ topics = "t" })lua",
       R"(producer:send: a message has no field "topics" (did you mean "topic"?))"},
      {R"lua(producer:send{ value = "v" })lua", "producer:send: the message has no topic"},
      {R"lua(producer:send{ topic = "t", value = {} })lua", "use json.encode for JSON"},
      {R"lua(producer:send{ topic = "t", partition = -1 })lua", "partition must be a whole number"},
      {R"lua(producer:send{ topic = "t", partition = 0.5 })lua",
       "partition must be a whole number"},
      {R"lua(producer:send{ topic = "t", timestamp = "now" })lua", "timestamp"},
      {R"lua(producer:send{ topic = "t", headers = { "a" } })lua",
       "headers must be a table of names"},
      {R"lua(producer:send{ topic = "t", headers = { a = true } })lua", "the value of a header"},
      {R"lua(producer:send())lua", "producer:send: message must be"},
      {R"lua(producer.send{ topic = "t" })lua", "with a colon instead of the dot"},
      {R"lua(producer:produce("t"))lua", "producer:produce: message must be a table"},
      {R"lua(producer:send_batch{ { topic = "t" }, 5 })lua",
       "producer:send_batch: the message must"},
      {R"lua(kafka.producer{})lua", "clients are made in the script's main part"},
  };
  for (const auto& [call, part] : kCases) {
    const std::string error = call_error(call);
    CAPTURE(error);
    const std::string_view wanted = part;
    CAPTURE(wanted);
    CHECK(has(error, part));
    CHECK(has(error, "script.lua:5: "));
  }
}

TEST_CASE("a poll names what is wrong with its parameters") {
  const std::pair<std::string_view, std::string_view> kCases[]{
      {"{ limit = 5 }", "there is no parameter \"limit\""},
      {"{ max = 0 }", "max must be a whole number"},
      {"{ min = 5, max = 4 }", "min is above max"},
      {"{ timeout = {} }", "timeout"},
  };
  for (const auto& [params, part] : kCases) {
    KafkaScript test(fmt::format("consumer:poll{}", params),
                     R"lua(local consumer = kafka.consumer{ ["bootstrap.servers"] = servers,
                       partitions = { { topic = "t", partition = 0 } } })lua");
    CHECK(test.script.iterate() == IterationResult::kFailed);
    const std::string& error = test.script.vu().error();
    CAPTURE(error);
    CHECK(has(error, part));
  }
}

}  // namespace perigee
