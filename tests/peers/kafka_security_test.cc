// TLS and SASL at Apache Kafka, and what runs say of brokers that refuse.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "modules/kafka/rdkafka.h"
#include "tests/process/script_run.h"

namespace perigee {
namespace {

constexpr const char* kPassword = "secret-of-tester";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  if (value == nullptr) throw std::runtime_error(fmt::format("{} is not set", name));
  return value;
}

// One message to the brokers that `settings` name, and an assertion of its report.
ScriptRun produce(const std::string& settings, const std::string& assertion) {
  return ScriptRun(fmt::format(R"lua(
local kafka = require "perigee.kafka"
local producer = kafka.producer{{ ["message.timeout.ms"] = 5000, {} }}
return {{ default = function()
  local report = producer:produce{{ topic = "secured", value = "v" }}
  assert({}, report.error and report.error.name)
end }}
)lua",
                               settings, assertion),
                   {"-v", "--workers", "1"});
}

std::string sasl(const std::string& mechanism, const std::string& password) {
  return fmt::format(R"lua(["bootstrap.servers"] = "{}", ["security.protocol"] = "sasl_ssl",
    ["ssl.ca.location"] = "{}", ["sasl.mechanisms"] = "{}", ["sasl.username"] = "tester",
    ["sasl.password"] = "{}")lua",
                     variable("KAFKA_SASL"), variable("KAFKA_CERTIFICATE"), mechanism, password);
}

void check_delivered(ScriptRun& run) {
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("kafka_messages_delivered") == 1);
  CHECK(run.count("iteration_errors") == 0);
}

}  // namespace

TEST_CASE("a client shows its certificate over TLS, and its password by PLAIN") {
  ScriptRun tls =
      produce(fmt::format(R"lua(["bootstrap.servers"] = "{}", ["security.protocol"] = "ssl",
        ["ssl.ca.location"] = "{}", ["ssl.certificate.location"] = "{}", ["ssl.key.location"] = "{}")lua",
                          variable("KAFKA_TLS"), variable("KAFKA_CERTIFICATE"),
                          variable("KAFKA_CERTIFICATE"), variable("KAFKA_KEY")),
              "report.error == nil");
  check_delivered(tls);
  ScriptRun plain = produce(sasl("PLAIN", kPassword), "report.error == nil");
  check_delivered(plain);
  CHECK(plain.log().find(kPassword) == std::string::npos);
}

TEST_CASE("a wrong password is an error that says so, and is not shown") {
  ScriptRun run = produce(sasl("PLAIN", "wrong-password-here"), "report.error");
  CHECK(run.exit_code() == 0);
  CHECK(run.log().find("SASL authentication error") != std::string::npos);
  CHECK(run.log().find("wrong-password-here") == std::string::npos);
  CHECK(run.count("kafka_messages_failed") == 1);
  CHECK(run.count("kafka_errors") > 0);
}

// Until 2.6.1 librdkafka repeated its own part of the nonce, which Kafka 4 refuses.
TEST_CASE("SCRAM works, or the log says which library it needs") {
  constexpr int kMended = 0x020601ff;
  const bool works = rd_kafka_version() >= kMended;
  ScriptRun run =
      produce(sasl("SCRAM-SHA-256", kPassword), works ? "report.error == nil" : "report.error");
  if (works) return check_delivered(run);
  CHECK(run.exit_code() == 0);
  CHECK(run.log().find("can't authenticate by SCRAM at brokers of Kafka 4") != std::string::npos);
  CHECK(run.log().find(kPassword) == std::string::npos);
}

TEST_CASE("a port that speaks TLS to a client that does not is named in the log") {
  ScriptRun run = produce(fmt::format(R"(["bootstrap.servers"] = "{}")", variable("KAFKA_TLS")),
                          "report.error");
  CHECK(run.exit_code() == 0);
  CHECK(run.log().find("SSL") != std::string::npos);
}

}  // namespace perigee
