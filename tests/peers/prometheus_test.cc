// Runs against the Prometheus that the environment names; see tests/peers/with_prometheus.
#include "tests/peers/prometheus.h"

#include <csignal>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

// 600 sizes from 1 to 600, a third of the checks fail.
constexpr const char* kScript = R"lua(
local execution = require "perigee.execution"
local metrics = require "perigee.metrics"
local perigee = require "perigee"
local size = metrics.trend("size")
local wait = metrics.trend("wait", true)
return {
  options = {
    scenarios = { load = { executor = "shared-iterations", vus = 3, iterations = 600 } },
    thresholds = { size = { "max<100" }, checks = { "rate>0.5" } },
    linger = true,
  },
  default = function()
    local i = execution.scenario.iteration_in_test
    size:add(i + 1)
    wait:add(i + 1, { parity = i % 2 == 0 and "even" or "odd" })
    perigee.check(i, { ok = function() return i % 3 > 0 end })
  end,
})lua";

// A run of the script with further flags, lingering when this is there.
struct LingeringRun {
  explicit LingeringRun(const std::vector<std::string>& flags,
                        std::map<std::string, std::string> environment = {}) {
    environment["PERIGEE_RUN_ID"] = "r7";
    std::ofstream(folder / "script.lua") << kScript;
    std::vector<std::string> command{perigee_program(), "run", "--quiet"};
    command.insert(command.end(), flags.begin(), flags.end());
    command.emplace_back("script.lua");
    process.emplace(command, Process::Options{.environment = environment, .folder = folder / ""});
    process->wait_for_error("lingering");
  }

  ScratchFolder folder;
  std::optional<Process> process;
};

}  // namespace

TEST_CASE("what Prometheus has scraped are the run's own numbers") {
  const Prometheus prometheus;
  const LingeringRun run({"--out", "prometheus=" + prometheus.target(), "--tag", "run=scraped"});
  const std::string iterations = "sum(perigee_iterations_total{run=\"scraped\"})";
  REQUIRE_MESSAGE(prometheus.wait_for(iterations, 600), run.process->err());
  CHECK(prometheus.value(iterations) == 600);
  CHECK(prometheus.value("perigee_checks_total{condition=\"nonzero\",run=\"scraped\"}") == 400);
  CHECK(prometheus.value("perigee_checks_total{condition=\"zero\",run=\"scraped\"}") == 200);
  CHECK(prometheus.value("perigee_threshold_ok{metric=\"size\",threshold=\"max<100\"}") == 0);
  CHECK(prometheus.value("perigee_threshold_ok{metric=\"checks\"}") == 1);
  CHECK(prometheus.value("perigee_run_info{run_id=\"r7\",run=\"scraped\"}") == 1);
  CHECK(prometheus.value("perigee_vus_max{run=\"scraped\"}") == 3);
  CHECK(prometheus.value("perigee_load_running") == 0);
}

TEST_CASE("Prometheus keeps native histograms, whose figures are the run's") {
  const Prometheus prometheus;
  const LingeringRun run({"--out", "prometheus=" + prometheus.target(), "--tag", "run=native"});
  const std::string size = "perigee_size{run=\"native\"}";
  REQUIRE_MESSAGE(prometheus.wait_for("histogram_count(" + size + ")", 600), run.process->err());
  CHECK(prometheus.value("histogram_sum(" + size + ")") == 180'300);
  const double p90 = prometheus.value("histogram_quantile(0.9, " + size + ")");
  CHECK(p90 > 540 / 1.0905);
  CHECK(p90 < 540 * 1.0905);
  CHECK(prometheus.value("histogram_count(sum(perigee_wait_seconds{run=\"native\"}))") == 600);
  CHECK(prometheus.value("histogram_sum(perigee_wait_seconds{run=\"native\",parity=\"even\"})") ==
        doctest::Approx(90));
}

TEST_CASE("what was written to Prometheus are the run's own numbers, which end with the run") {
  const Prometheus prometheus;
  const LingeringRun run(
      {"--out", "prometheus-rw=" + prometheus.url() + "/api/v1/write", "--tag", "run=written"},
      {{"K6_PROMETHEUS_RW_TREND_STATS", "p(95),max,count,sum"}});
  const auto last = [&](const std::string& series) {
    return prometheus.value("last_over_time(" + series + "[5m])");
  };
  CHECK(last("k6_iterations_total{run=\"written\"}") == 600);
  CHECK(last("k6_checks_rate{run=\"written\"}") == doctest::Approx(2.0 / 3));
  CHECK(last("k6_size_max{run=\"written\"}") == 600);
  CHECK(last("k6_size_count{run=\"written\"}") == 600);
  CHECK(last("k6_size_sum{run=\"written\"}") == 180'300);
  CHECK(last("k6_size_p95{run=\"written\"}") == doctest::Approx(570).epsilon(0.01));
  CHECK(last("k6_wait_max{run=\"written\",parity=\"even\"}") == doctest::Approx(0.599));
  CHECK(prometheus.query("k6_iterations_total{run=\"written\"}").empty());
  CHECK(run.process->err().find("lost") == std::string::npos);
}

TEST_CASE("trends can be written to Prometheus as native histograms") {
  const Prometheus prometheus;
  const LingeringRun run({"--out", "experimental-prometheus-rw", "--tag", "run=native_written"},
                         {{"K6_PROMETHEUS_RW_SERVER_URL", prometheus.url() + "/api/v1/write"},
                          {"K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", "true"},
                          {"K6_PROMETHEUS_RW_STALE_MARKERS", "false"}});
  const std::string wait = "sum(k6_wait_seconds{run=\"native_written\"})";
  CHECK(prometheus.value("histogram_count(" + wait + ")") == 600);
  CHECK(prometheus.value("histogram_sum(" + wait + ")") == doctest::Approx(180.3));
  const double median = prometheus.value("histogram_quantile(0.5, " + wait + ")");
  CHECK(median > 0.3 / 1.0905);
  CHECK(median < 0.3 * 1.0905);
  CHECK(prometheus.value("k6_iterations_total{run=\"native_written\"}") == 600);
}

}  // namespace perigee
