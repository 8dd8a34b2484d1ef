// Runs against the receiver of OpenTelemetry's metrics that the environment names; see
// tests/peers/with_otlp.
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"
#include "tests/support/raw_client.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local execution = require "perigee.execution"
local metrics = require "perigee.metrics"
local perigee = require "perigee"
local size = metrics.trend("size")
return {
  options = { vus = 3, iterations = 300 },
  default = function()
    local i = execution.scenario.iteration_in_test
    size:add(i + 1)
    perigee.check(i, { ok = function() return i % 3 > 0 end })
  end,
})lua";

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  REQUIRE_MESSAGE(value != nullptr, name);
  return value;
}

// Runs the script; the messages it leaves.
ProcessResult run(const std::vector<std::string>& flags,
                  const std::map<std::string, std::string>& environment = {}) {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  std::vector<std::string> command{perigee_program(), "run", "--quiet"};
  command.insert(command.end(), flags.begin(), flags.end());
  command.emplace_back("script.lua");
  return run_process(command, {.environment = environment, .folder = folder / ""});
}

// The last request by this protocol, its metrics by name.
std::map<std::string, nlohmann::json> last_metrics(const std::string& protocol) {
  const std::string url = variable("OTLP_HTTP_URL");
  RawClient client(static_cast<uint16_t>(std::stoul(url.substr(url.rfind(':') + 1))));
  const auto received = nlohmann::json::parse(client.get("/received").body).at(protocol);
  REQUIRE_FALSE(received.empty());
  std::map<std::string, nlohmann::json> metrics;
  for (const auto& metric :
       received.back().at("resourceMetrics")[0].at("scopeMetrics")[0].at("metrics"))
    metrics[metric.at("name").get<std::string>()] = metric;
  return metrics;
}

void check_numbers(const std::string& protocol) {
  auto metrics = last_metrics(protocol);
  CHECK(metrics["iterations"]["sum"]["dataPoints"][0]["asDouble"] == 300);
  CHECK(metrics["iterations"]["sum"]["isMonotonic"] == true);
  CHECK(metrics["checks"]["sum"]["dataPoints"][0]["asDouble"] == 200);
  CHECK(metrics["checks"]["sum"]["dataPoints"][1]["asDouble"] == 100);
  CHECK(metrics["vus_max"]["gauge"]["dataPoints"][0]["asDouble"] == 3);
}

}  // namespace

TEST_CASE("what comes by gRPC are the run's own numbers") {
  const ProcessResult result = run({"--out", "opentelemetry=" + variable("OTLP_GRPC_URL")});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  check_numbers("grpc");
  const auto size = last_metrics("grpc")["size"]["histogram"]["dataPoints"][0];
  CHECK(size["count"] == "300");
  CHECK(size["sum"] == 45'150);
  CHECK(result.err.find("lost") == std::string::npos);
}

TEST_CASE("what comes by HTTP are the run's own numbers, with exponential histograms if wanted") {
  const ProcessResult result =
      run({"--out", "experimental-opentelemetry=" + variable("OTLP_HTTP_URL")},
          {{"K6_OTEL_EXPORTER_PROTOCOL", "http/protobuf"},
           {"PERIGEE_OTEL_EXPONENTIAL_HISTOGRAM", "true"}});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  check_numbers("http");
  const auto size = last_metrics("http")["size"]["exponentialHistogram"]["dataPoints"][0];
  CHECK(size["count"] == "300");
  uint64_t counted = 0;
  for (const auto& count : size["positive"]["bucketCounts"])
    counted += std::stoull(count.get<std::string>());
  CHECK(counted == 300);
}

TEST_CASE("what a receiver refuses is counted, whole or in part") {
  for (const auto& receiver : {std::pair("grpc", variable("OTLP_GRPC_URL")),
                               std::pair("http", variable("OTLP_HTTP_URL"))}) {
    const std::string type = receiver.first;
    const std::string url = receiver.second;
    INFO(type);
    const std::map<std::string, std::string> protocol{{"K6_OTEL_EXPORTER_TYPE", type}};
    auto refuse = protocol;
    refuse["K6_OTEL_HEADERS"] = "x-refuse=yes";
    const ProcessResult refused = run({"--out", "opentelemetry=" + url}, refuse);
    CHECK(refused.exit_code == 0);
    CHECK(refused.out.find("not wanted). The figures of this summary") != std::string::npos);
    auto partly = protocol;
    partly["K6_OTEL_HEADERS"] = "x-partly=yes";
    const ProcessResult part = run({"--out", "opentelemetry=" + url}, partly);
    CHECK(part.out.find(": 2 samples are missing there (two too many)") != std::string::npos);
  }
}

}  // namespace perigee
