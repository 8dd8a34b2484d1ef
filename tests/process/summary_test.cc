#include <fstream>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/process/script_run.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A script whose handleSummary has this body, in a folder of its own.
struct HandlerRun {
  explicit HandlerRun(const std::string& body, const std::vector<std::string>& flags = {},
                      const std::string& options = "") {
    std::ofstream(folder / "script.lua") << R"lua(
local perigee = require "perigee"
local json = require "perigee.json"
local summary = require "perigee.summary"
local M = { options = { iterations = 3, )lua" + options +
                                                R"lua( } }
function M.setup() return { model = "iris" } end
function M.default() perigee.check(1, { ["is one"] = function(x) return x == 1 end }) end
function M.handleSummary(data)
)lua" + body + R"lua(
end
return M
)lua";
    std::vector<std::string> command{perigee_program(), "run", "--quiet"};
    command.insert(command.end(), flags.begin(), flags.end());
    command.emplace_back("script.lua");
    result = run_process(command, {.folder = folder / ""});
  }

  std::string log() const { return unescaped(result.err); }

  ScratchFolder folder;
  ProcessResult result;
};

TEST_CASE("handleSummary decides what is printed and what is written where") {
  const HandlerRun run(R"lua(
  return {
    stdout = data.metrics.iterations.values.count .. " iterations of " .. data.setup_data.model,
    stderr = "to stderr",
    ["results/data.json"] = json.encode(data),
  }
)lua",
                       {"--summary-export", "export.json"});
  CHECK(run.result.exit_code == 0);
  CHECK(run.result.out == "3 iterations of iris");
  CHECK(has(run.result.err, "to stderr"));
  const auto data = nlohmann::json::parse(read_text(run.folder / "results/data.json"));
  CHECK(data["metrics"]["checks"]["values"] ==
        nlohmann::json{{"rate", 1}, {"passes", 3}, {"fails", 0}});
  CHECK(data["state"]["isStdOutTTY"] == false);
  const auto exported = nlohmann::json::parse(read_text(run.folder / "export.json"));
  CHECK(exported["metrics"]["iterations"]["count"] == 3);
}

TEST_CASE("a script can print the usual text and write JSON beside it") {
  const HandlerRun run(R"lua(
  data.metrics.iteration_duration = nil
  return { stdout = summary.text(data, { indent = " ", enableColors = false }) }
)lua");
  CHECK(has(run.result.out, " █ TOTAL RESULTS\n"));
  CHECK(has(run.result.out, "   ✓ is one\n"));
  CHECK_FALSE(has(run.result.out, "iteration_duration"));
}

TEST_CASE("the usual text is printed when handleSummary returns nothing") {
  const HandlerRun run("");
  CHECK(run.result.exit_code == 0);
  CHECK(has(run.result.out, "  █ TOTAL RESULTS\n"));
}

TEST_CASE("the usual text is printed when handleSummary fails, and its error is logged") {
  const HandlerRun run("  error(\"no such luck\")");
  CHECK(run.result.exit_code == 0);
  CHECK(has(run.result.out, "  █ TOTAL RESULTS\n"));
  CHECK(has(run.log(), "handleSummary: script.lua:"));
  CHECK(has(run.log(), "no such luck"));
}

TEST_CASE("handleSummary has a time limit") {
  const HandlerRun run("  perigee.sleep(3600)", {}, "handleSummaryTimeout = \"50ms\"");
  CHECK(has(run.log(), "handleSummary() took longer than 50ms (option handleSummaryTimeout)"));
  CHECK(has(run.result.out, "  █ TOTAL RESULTS\n"));
}

TEST_CASE("what handleSummary returns must be texts") {
  const HandlerRun number("  return { stdout = 5 }");
  CHECK(has(number.log(),
            "must be a table from \"stdout\", \"stderr\" or a path to text, it has a "
            "number at \"stdout\""));
  const HandlerRun text("  return \"hello\"");
  CHECK(has(text.log(), "or a path to text, it is a string"));
}

TEST_CASE("a file that handleSummary can't write is an error, and the others are written") {
  const HandlerRun run("  return { [\"/dev/full\"] = \"x\", stdout = \"printed\" }");
  CHECK(run.result.exit_code == 255);
  CHECK(has(run.log(), "can't write /dev/full: No space left on device"));
  CHECK(run.result.out == "printed");
}

TEST_CASE("its VU is number 0") {
  CHECK(HandlerRun("  return { stdout = \"VU \" .. __VU }").result.out == "VU 0");
}

TEST_CASE("a disabled summary prints nothing and asks nobody") {
  const HandlerRun run("  return { stdout = \"asked\" }",
                       {"--summary-mode", "disabled", "--summary-export", "export.json"});
  CHECK(run.result.out == "");
  CHECK(has(read_text(run.folder / "export.json"), "\"iterations\""));
}

TEST_CASE("a full summary has blocks of scenarios and groups, a compact one has not") {
  constexpr const char* kScript = R"lua(
local perigee = require "perigee"
local M = { options = { scenarios = {
  browse = { executor = "shared-iterations", iterations = 2 },
  buy = { executor = "shared-iterations", iterations = 1 } } } }
function M.default()
  perigee.group("cart", function() perigee.check(1, { ok = function() return true end }) end)
end
return M
)lua";
  const std::string full = ScriptRun(kScript, {"--summary-mode", "full"}).out();
  CHECK(has(full, "  █ SCENARIO: browse\n"));
  CHECK(has(full, "  █ SCENARIO: buy\n"));
  CHECK(has(full, "    ↳ GROUP: cart\n"));
  CHECK_FALSE(has(ScriptRun(kScript).out(), "SCENARIO"));
}

TEST_CASE("the newer machine-readable summary is written on request") {
  ScriptRun run("return { default = function() end }", {"--new-machine-readable-summary"});
  CHECK(run.summary()["version"] == "1.0.0");
  CHECK(run.summary()["config"]["script"] == "return { default = function() end }");
}

TEST_CASE("parts of metrics are shown on request, without a threshold") {
  constexpr const char* kScript = R"lua(
return {
  options = { submetrics = { "iterations{scenario:default}" } },
  default = function() end,
}
)lua";
  CHECK(has(ScriptRun(kScript).out(), "      { scenario:default }"));
  CHECK(has(ScriptRun(kScript, {"--no-thresholds"}).out(), "      { scenario:default }"));
  CHECK(ScriptRun("return { options = { submetrics = { \"iteration{a:b}\" } } }").exit_code() ==
        104);
}

}  // namespace
}  // namespace perigee
