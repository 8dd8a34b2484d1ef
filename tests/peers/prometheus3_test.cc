// Runs against a Prometheus of version 3, beside the tests for every version; see
// tests/peers/with_prometheus3.
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/peers/prometheus.h"
#include "tests/support/process.h"

namespace perigee {

TEST_CASE("a Prometheus that speaks remote write 2.0 is written to in it, and takes all") {
  const Prometheus prometheus;
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << R"lua(
local metrics = require "perigee.metrics"
local size = metrics.trend("size", true)
local perigee = require "perigee"
return {
  options = { vus = 2, iterations = 4 },
  default = function() size:add(20) perigee.sleep(1) end,
})lua";
  for (const std::string native : {"true", "false"}) {
    const std::string run = "run=\"v2_" + native + "\"";
    const ProcessResult result =
        run_process({perigee_program(), "run", "--quiet", "-v", "--tag", "run=v2_" + native,
                     "--out", "prometheus-rw=" + prometheus.url() + "/api/v1/write", "script.lua"},
                    {.environment = {{"K6_PROMETHEUS_RW_PUSH_INTERVAL", "1s"},
                                     {"K6_PROMETHEUS_RW_TREND_STATS", "count"},
                                     {"K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", native}},
                     .folder = folder / ""});
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    CHECK_MESSAGE(result.err.find("the receiver speaks version 2.0") != std::string::npos,
                  result.err);
    CHECK_MESSAGE(result.err.find("lost") == std::string::npos, result.err);
    CHECK(prometheus.value("last_over_time(k6_iterations_total{" + run + "}[5m])") == 4);
    const std::string count =
        native == "true" ? "histogram_count(last_over_time(k6_size_seconds{" + run + "}[5m]))"
                         : "last_over_time(k6_size_count{" + run + "}[5m])";
    CHECK(prometheus.value(count) == 4);
  }
}

}  // namespace perigee
