// Result files that real runs write, read by a program that knows their description alone.
#include <csignal>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/process/script_run.h"
#include "tests/support/process.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

nlohmann::json read_results(const std::string& path) {
  Process reader({"python3", "tests/engine/results/read_results.py", path});
  const ProcessResult& result = reader.wait();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  return nlohmann::json::parse(result.out);
}

}  // namespace

TEST_CASE("a result file holds the summary's numbers") {
  const ScratchFolder folder;
  TargetProcess target;
  ScriptRun run(R"lua(
local http = require "perigee.http"
local metrics = require "perigee.metrics"
local perigee = require "perigee"
local drops, level = metrics.counter("drops"), metrics.trend("level")
return {
  options = { vus = 3, iterations = 300, thresholds = { ["http_reqs{name:x}"] = { "count>=0" } } },
  setup = function() drops:add(2) end,
  teardown = function() drops:add(3) end,
  default = function()
    local res = http.get(")lua" +
                    target.url() +
                    R"lua(/bytes/50")
    perigee.check(res, { ok = function(r) return r.status == 200 end })
    level:add(-1.5)
    level:add(0)
  end,
})lua",
                {"--out", "results=" + (folder / "run.perigee")});
  REQUIRE(run.exit_code() == 0);
  const nlohmann::json file = read_results(folder / "run.perigee");
  CHECK(file["ended"] == true);
  CHECK(file["reason"] == "complete");
  CHECK(file["options"]["thresholds"].contains("http_reqs{name:x}"));
  const auto& metrics = file["metrics"];
  CHECK(metrics["http_reqs"]["sum"] == 300);
  CHECK(metrics["drops"]["sum"] == 5);
  CHECK(metrics["checks"]["nonzero"] == 300);
  CHECK(metrics["level"]["count"] == 600);
  CHECK(metrics["level"]["zeros"] == 300);
  CHECK(metrics["level"]["min"] == -1.5);
  for (const std::string name : {"http_req_duration", "iteration_duration", "http_req_waiting"}) {
    INFO(name);
    const nlohmann::json& wanted = run.summary().at("metrics").at(name);
    CHECK(metrics[name]["min"] == wanted["min"]);
    CHECK(metrics[name]["max"] == wanted["max"]);
    for (const std::string share : {"p(90)", "p(95)"})
      CHECK(metrics[name][share].get<double>() ==
            doctest::Approx(wanted[share].get<double>()).epsilon(1e-9));
  }
}

TEST_CASE("a result file can be read up to the last second when its run was killed") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << R"lua(
local execution = require "perigee.execution"
local perigee = require "perigee"
return {
  options = { vus = 2, duration = "10m" },
  default = function()
    perigee.sleep(0.01)
    if execution.instance.current_test_run_duration > 2500 then print("two seconds") end
  end,
})lua";
  Process run({perigee_program(), "run", "--quiet", "--out", "results=run.perigee", "script.lua"},
              {.folder = folder / ""});
  run.wait_for_error("two seconds");
  run.signal(SIGKILL);
  run.wait();
  const nlohmann::json file = read_results(folder / "run.perigee");
  CHECK(file["ended"] == false);
  CHECK(file["intervals"] >= 2);
  CHECK(file["metrics"]["iterations"]["sum"] > 0);
  CHECK(file["load_seconds"] >= 2);
  const ProcessResult report = run_process(
      {perigee_program(), "report", "run.perigee", "-o", "r.html"}, {.folder = folder / ""});
  CHECK_MESSAGE(report.exit_code == 0, report.err);
  CHECK(read_text(folder / "r.html").find("the run is not complete: killed") != std::string::npos);
}

TEST_CASE("a file that is cut off anywhere is reported as far as it goes, or refused") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << R"lua(
local perigee = require "perigee"
return { options = { duration = "2s" }, default = function() perigee.sleep(0.1) end })lua";
  REQUIRE(run_process(
              {perigee_program(), "run", "--quiet", "--out", "results=run.perigee", "script.lua"},
              {.folder = folder / ""})
              .exit_code == 0);
  const std::string whole = read_text(folder / "run.perigee");
  for (const size_t part : {0UL, 1UL, 10UL, 50UL, 90UL, 99UL}) {
    INFO(part, " %");
    std::ofstream(folder / "cut.perigee", std::ios::trunc)
        << whole.substr(0, whole.size() * part / 100);
    const ProcessResult report = run_process(
        {perigee_program(), "report", "cut.perigee", "-o", "r.md"}, {.folder = folder / ""});
    INFO(report.err);
    if (report.exit_code == 0) {
      CHECK(read_text(folder / "r.md").find("not complete") != std::string::npos);
    } else {
      CHECK(report.exit_code == 104);
      CHECK(report.err.find("cut.perigee") != std::string::npos);
    }
  }
}

TEST_CASE("a result file that can't be written is an error before the load") {
  const ScratchFolder folder;
  const auto refused = [&](const std::vector<std::string>& outputs, const std::string& text) {
    std::vector<std::string> flags;
    for (const std::string& output : outputs) {
      flags.emplace_back("--out");
      flags.push_back(output);
    }
    const ShortRun run = run_script("return { default = function() end }", flags);
    CHECK(run.exit_code == 104);
    CHECK_MESSAGE(run.says(text), run.log);
  };
  refused({"results"}, "results needs a file: results=run.perigee");
  refused({"results=/proc/nowhere/run.perigee"}, "can't open /proc/nowhere/run.perigee");
  refused({"results=a.perigee", "results=b.perigee"}, "a run has one result file, not two");
  refused({"results=a", "csv=a"}, "two outputs can't both write a");
}

}  // namespace perigee
