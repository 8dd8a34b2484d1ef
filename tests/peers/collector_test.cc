// Runs against the collector of OpenTelemetry that the environment names; see
// tests/peers/with_collector.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local execution = require "perigee.execution"
local metrics = require "perigee.metrics"
local perigee = require "perigee"
local size = metrics.trend("size", true)
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

// What the collector says of the metric of a service, once it does; empty if it never does.
std::string received(const std::string& service, const std::string& metric) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < end) {
    const std::string log = read_text(variable("COLLECTOR_LOG"));
    const size_t message = log.find("service.name: Str(" + service + ")");
    if (message == std::string::npos) continue;
    const size_t begin = log.find("-> Name: " + metric + "\n", message);
    if (begin == std::string::npos) continue;
    const size_t next = log.find("Descriptor:", begin);
    return log.substr(begin, next - begin);
  }
  return "";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void run(const std::string& service, const std::string& url,
         std::map<std::string, std::string> environment) {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kScript;
  environment["K6_OTEL_SERVICE_NAME"] = service;
  const ProcessResult result =
      run_process({perigee_program(), "run", "--quiet", "--tag", "team=a \"b\"\n", "--out",
                   "opentelemetry=" + url, "script.lua"},
                  {.environment = environment, .folder = folder / ""});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK_MESSAGE(!has(result.err, "lost"), result.err);
}

void check_numbers(const std::string& service) {
  const std::string iterations = received(service, "iterations");
  CHECK_MESSAGE(has(iterations, "Value: 300.000000"), iterations);
  CHECK(has(iterations, "IsMonotonic: true"));
  CHECK(has(iterations, "team: Str(a \"b\"\n)"));
  const std::string checks = received(service, "checks");
  CHECK_MESSAGE(has(checks, "Value: 200.000000"), checks);
  CHECK(has(checks, "Value: 100.000000"));
  CHECK(has(received(service, "vus_max"), "Value: 3.000000"));
  const std::string size = received(service, "size");
  CHECK_MESSAGE(has(size, "Count: 300\n"), size);
  CHECK(has(size, "Sum: 45150.000000"));
  CHECK(has(size, "Unit: ms"));
}

}  // namespace

TEST_CASE("a collector gets the run's own numbers by gRPC") {
  run("by-grpc", variable("COLLECTOR_GRPC_URL"), {});
  check_numbers("by-grpc");
  CHECK(has(received("by-grpc", "size"), "DataType: Histogram"));
}

TEST_CASE("a collector gets the run's own numbers by HTTP, with exponential histograms if wanted") {
  run("by-http", variable("COLLECTOR_HTTP_URL"),
      {{"K6_OTEL_EXPORTER_PROTOCOL", "http/protobuf"},
       {"PERIGEE_OTEL_EXPONENTIAL_HISTOGRAM", "true"}});
  check_numbers("by-http");
  CHECK(has(received("by-http", "size"), "DataType: ExponentialHistogram"));
}

}  // namespace perigee
