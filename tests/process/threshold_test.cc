// What becomes of thresholds and selectors that nothing was measured for.
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

// A group without its colons, a misspelt tag, a metric that nobody adds to.
constexpr const char* kUnmatched = R"lua(
local http, perigee = require "perigee.http", require "perigee"
require("perigee.metrics").trend("never")
local M = { options = { thresholds = {
  ["http_req_failed{group:login}"] = { "rate<0.01" },
  ["http_req_duration{staus:200}"] = { "p(95)<1" },
  never = { "p(95)<1" },
  iteration_errors = { "count==0" },
} } }
function M.default()
  perigee.group("login", function() http.get("http://127.0.0.1:1/") end)
end
return M
)lua";

struct ThresholdRun {
  explicit ThresholdRun(const std::string& script, const std::vector<std::string>& flags = {},
                        const std::map<std::string, std::string>& environment = {}) {
    std::ofstream(folder / "script.lua") << script;
    std::vector<std::string> command{perigee_program(), "run", "--quiet", "--summary-export",
                                     "export.json"};
    command.insert(command.end(), flags.begin(), flags.end());
    command.emplace_back("script.lua");
    result = run_process(command, {.environment = environment, .folder = folder / ""});
  }

  bool shows(const std::string& text) const { return result.out.find(text) != std::string::npos; }
  nlohmann::json exported() const {
    return nlohmann::json::parse(read_text(folder / "export.json"))["metrics"];
  }

  ScratchFolder folder;
  ProcessResult result;
};

}  // namespace

TEST_CASE("thresholds without samples pass, and the summary says what could be meant") {
  const ThresholdRun run(kUnmatched);
  INFO(run.result.out);
  CHECK(run.result.exit_code == 0);
  CHECK(run.shows("    http_req_failed{group:login}\n    ✓ 'rate<0.01' no samples\n"));
  CHECK(run.shows("    http_req_duration{staus:200}\n    ✓ 'p(95)<1' no samples\n"));
  CHECK(run.shows("    never\n    ✓ 'p(95)<1' no samples\n"));
  CHECK(run.shows("    ✓ 'count==0' count=0\n"));
  CHECK(run.shows("(did you mean \"::login\"?)."));
  CHECK(run.shows("(did you mean \"status\"?)."));
  CHECK(run.shows("Nothing was measured for never: there is no sample of never."));
  CHECK(run.shows("with --threshold-no-samples fail they fail."));
  CHECK(run.exported()["never"]["thresholds"]["p(95)<1"] == false);
}

TEST_CASE("--threshold-no-samples fail makes them fail, wherever it is set") {
  const std::string in_script = R"lua(
return { options = { thresholdNoSamples = "fail", thresholds = { checks = { "rate>0" } } },
         default = function() end }
)lua";
  for (const ThresholdRun& run :
       {ThresholdRun(kUnmatched, {"--threshold-no-samples", "fail"}),
        ThresholdRun(kUnmatched, {}, {{"PERIGEE_THRESHOLD_NO_SAMPLES", "fail"}}),
        ThresholdRun(in_script)}) {
    INFO(run.result.out, run.result.err);
    CHECK(run.result.exit_code == 99);
    CHECK(run.shows("no samples\n"));
    CHECK_FALSE(run.shows("they fail."));
  }
  const ThresholdRun run(kUnmatched, {"--threshold-no-samples=fail"});
  CHECK(run.exported()["never"]["thresholds"]["p(95)<1"] == true);
  // What counts failures has none: 0 is its figure.
  CHECK(run.exported()["iteration_errors"]["thresholds"]["count==0"] == false);
  CHECK(ThresholdRun(in_script, {"--threshold-no-samples=pass"}).result.exit_code == 0);
  CHECK(ThresholdRun(in_script, {"--no-thresholds"}).result.exit_code == 0);
}

TEST_CASE(
    "a rate without samples passes whatever is asked of it, as in k6; others are judged by 0") {
  const ThresholdRun rate(R"lua(
return { options = { thresholds = { checks = { "rate>0.99" } } }, default = function() end }
)lua");
  CHECK(rate.result.exit_code == 0);
  const ThresholdRun count(R"lua(
return { options = { thresholds = { http_reqs = { "count>0" } } }, default = function() end }
)lua");
  CHECK(count.result.exit_code == 99);
  CHECK(count.shows("✗ 'count>0' no samples"));
}

TEST_CASE("iterations, their durations and the traffic are in the results of a run without any") {
  const std::vector<std::string> fixed{"data_received", "data_sent", "iteration_duration",
                                       "iterations"};
  const ThresholdRun idle("return { default = function() end }");
  const ThresholdRun failed("return { setup = function() error('no') end, default = print }");
  CHECK(failed.result.exit_code == 107);
  for (const ThresholdRun* run : {&idle, &failed}) {
    INFO(run->result.out);
    for (const std::string& name : fixed) {
      CHECK(run->exported().contains(name));
      CHECK(run->shows("    " + name + "."));
    }
    CHECK(run->exported()["data_sent"] == nlohmann::json{{"count", 0}, {"rate", 0}});
  }
  CHECK(failed.shows("iteration_duration...: no samples\n"));
  CHECK_FALSE(failed.shows("WARNINGS"));
}

TEST_CASE("handleSummary is given the fixed rows, too") {
  const ThresholdRun run(R"lua(
local perigee = require "perigee"
local M = { default = function() perigee.abort("enough") end }
function M.handleSummary(data)
  local m = data.metrics
  return { stdout = table.concat({ m.iterations.values.count, m.data_sent.values.count,
                                   m.data_received.values.count,
                                   m.iteration_duration.noSamples and "none" or "some" }, " ") }
end
return M
)lua");
  CHECK(run.result.exit_code == 108);
  // The iteration that aborts has ended by itself, as in k6.
  CHECK(run.result.out == "1 0 0 some");
}

}  // namespace perigee
