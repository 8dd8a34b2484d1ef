// What others see of a run while it goes on.
#include <csignal>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"
#include "tests/support/raw_client.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

// Runs perigee with exports, in a folder of its own.
struct ExportingRun {
  ExportingRun(const std::string& script, std::vector<std::string> flags) {
    std::ofstream(folder / "script.lua") << script;
    flags.insert(flags.begin(), {perigee_program(), "run", "--quiet"});
    flags.emplace_back("script.lua");
    process.emplace(flags, Process::Options{.environment = {}, .folder = folder / ""});
  }

  // The port that the log names.
  uint16_t scrape_port() {
    constexpr std::string_view kBefore = "metrics for Prometheus: http://127.0.0.1:";
    process->wait_for_error("/metrics");
    const std::string log = process->err();
    const size_t at = log.find(kBefore);
    REQUIRE_MESSAGE(at != std::string::npos, log);
    return static_cast<uint16_t>(std::stoul(log.substr(at + kBefore.size())));
  }

  ScratchFolder folder;
  std::optional<Process> process;
};

bool has(const std::string& page, const std::string& line) {
  return ("\n" + page).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("the last state of a run can be scraped while it lingers") {
  ExportingRun run(R"lua(
local metrics = require "perigee.metrics"
local size = metrics.trend("size")
return {
  options = { vus = 2, iterations = 40, linger = true, thresholds = { size = { "max<10" } } },
  default = function() size:add(20) end,
})lua",
                   {"--out", "prometheus=127.0.0.1:0", "--tag", "team=blue"});
  const uint16_t port = run.scrape_port();
  run.process->wait_for_error("lingering");
  const std::string page = RawClient(port).get("/metrics").body;
  INFO(page);
  CHECK(has(page, "perigee_iterations_total{scenario=\"default\",team=\"blue\"} 40"));
  CHECK(has(page, "perigee_size_count{scenario=\"default\",team=\"blue\"} 40"));
  CHECK(has(page, "perigee_size_sum{scenario=\"default\",team=\"blue\"} 800"));
  CHECK(has(page, "perigee_threshold_ok{metric=\"size\",threshold=\"max<10\"} 0"));
  CHECK(has(page, "perigee_load_running 0"));
  CHECK(has(page, "perigee_vus{team=\"blue\"} 0"));
  run.process->signal(SIGINT);
  CHECK(run.process->wait().exit_code == 99);
}

TEST_CASE("an address in use ends the program before the load") {
  const char* const script = "return { default = function() print('ran') end }";
  ExportingRun first("return { options = { linger = true }, default = function() end }",
                     {"--out", "prometheus=127.0.0.1:0"});
  const std::string address = "127.0.0.1:" + std::to_string(first.scrape_port());
  ExportingRun second(script, {"--out", "prometheus=" + address});
  CHECK(second.process->wait().exit_code == 104);
  CHECK(second.process->err().find("--out: prometheus: cannot listen at " + address +
                                   ": Address already in use") != std::string::npos);
  CHECK(second.process->err().find("ran") == std::string::npos);
}

TEST_CASE("a receiver that is not there changes nothing but what is said of it") {
  ExportingRun run("return { options = { iterations = 5 }, default = function() end }",
                   {"--out", "prometheus-rw=http://127.0.0.1:1/write"});
  const ProcessResult& result = run.process->wait();
  CHECK(result.exit_code == 0);
  CHECK(result.err.find("prometheus-rw (http://127.0.0.1:1/write): ") != std::string::npos);
  CHECK(result.out.find("WARNINGS") != std::string::npos);
  CHECK(result.out.find("samples are missing there") != std::string::npos);
}

TEST_CASE("a receiver that never answers does not hold up the end of a run for long") {
  RawServer receiver({{RawServer::hang()}});
  ExportingRun run("return { options = { iterations = 5 }, default = function() end }",
                   {"--out", "experimental-prometheus-rw=" + receiver.url("/write")});
  const ProcessResult& result = run.process->wait(std::chrono::seconds(20));
  CHECK(result.exit_code == 0);
  CHECK(result.out.find("samples are missing there") != std::string::npos);
}

}  // namespace perigee
