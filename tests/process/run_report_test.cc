// perigee run --report, and perigee compare, on real runs.
#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local metrics = require "perigee.metrics"
local perigee = require "perigee"
local wait = metrics.trend("wait", true)
return {
  options = { iterations = 50, thresholds = { wait = { "max<1000" } } },
  default = function()
    wait:add(tonumber(__ENV.WAIT or "20"))
    perigee.check(1, { ok = function() return true end })
    if __ENV.LONG then print("loading") perigee.sleep(60) end
  end,
})lua";

struct Runs {
  Runs() { std::ofstream(folder / "script.lua") << kScript; }

  ProcessResult perigee(std::vector<std::string> arguments,
                        const std::map<std::string, std::string>& environment = {}) {
    arguments.insert(arguments.begin(), perigee_program());
    Process process(arguments, {.environment = environment, .folder = folder / ""});
    return process.wait();
  }

  void record(const std::string& file, const std::string& wait) {
    REQUIRE(
        perigee({"run", "--quiet", "--out", "results=" + file, "-e", "WAIT=" + wait, "script.lua"})
            .exit_code == 0);
  }

  bool has(const std::string& file, const std::string& text) {
    return read_text(folder / file).find(text) != std::string::npos;
  }

  ScratchFolder folder;
};

bool says(const ProcessResult& result, const std::string& text) {
  return (result.out + result.err).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a run writes the reports that it is asked for") {
  Runs runs;
  const ProcessResult result =
      runs.perigee({"run", "--quiet", "--report", "out/r.html", "--report", "r.xml", "script.lua"});
  CHECK_MESSAGE(result.exit_code == 0, result.err);
  CHECK(runs.has("out/r.html", "the threshold holds"));
  CHECK(runs.has("out/r.html", "<b>50</b>"));
  CHECK(runs.has("r.xml", "<testcase classname=\"wait\" name=\"max&lt;1000\"/>"));
}

TEST_CASE("k6's variables for a report write it") {
  Runs runs;
  const ProcessResult result =
      runs.perigee({"run", "--quiet", "script.lua"},
                   {{"K6_WEB_DASHBOARD", "true"}, {"K6_WEB_DASHBOARD_EXPORT", "r.html"}});
  CHECK_MESSAGE(result.exit_code == 0, result.err);
  CHECK(runs.has("r.html", "the threshold holds"));
  const ProcessResult unnamed =
      runs.perigee({"run", "--quiet", "script.lua"}, {{"K6_WEB_DASHBOARD_EXPORT", "report"}});
  CHECK_MESSAGE(unnamed.exit_code == 0, unnamed.err);
  CHECK(runs.has("report", "the threshold holds"));
}

TEST_CASE("the report of a run agrees with that of its result file") {
  Runs runs;
  runs.perigee({"run", "--quiet", "--out", "results=run.perigee", "--report", "run.csv", "--report",
                "run.md", "script.lua"});
  REQUIRE(runs.perigee({"report", "run.perigee", "-o", "file.md"}).exit_code == 0);
  // The run knows how long its own end took.
  const std::regex duration("\\| Duration \\|[^\n]*");
  CHECK(std::regex_replace(read_text(runs.folder / "run.md"), duration, "") ==
        std::regex_replace(read_text(runs.folder / "file.md"), duration, ""));
  REQUIRE(runs.perigee({"report", "run.perigee", "-o", "file.csv"}).exit_code == 0);
  CHECK(read_text(runs.folder / "run.csv") == read_text(runs.folder / "file.csv"));
}

TEST_CASE("a run that a signal cuts off writes its report") {
  Runs runs;
  Process process({perigee_program(), "run", "--quiet", "-e", "LONG=1", "--report", "r.html",
                   "--report", "r.xml", "script.lua"},
                  {.folder = runs.folder / ""});
  process.wait_for_error("loading");
  process.signal(SIGINT);
  CHECK(process.wait().exit_code == 105);
  CHECK(runs.has("r.html", "the run is not complete: signal"));
  CHECK(runs.has("r.xml", "it ended by: signal"));
}

TEST_CASE("reports that can't be written are refused before the load") {
  Runs runs;
  const auto refused = [&](const std::string& path, const std::string& text) {
    const ProcessResult result = runs.perigee({"run", "--quiet", "--report", path, "script.lua"});
    CHECK(result.exit_code == 104);
    CHECK_MESSAGE(says(result, text), result.err);
  };
  refused("r.pdf", "--report: r.pdf: a report's ending says its format: .txt, .json, .md");
  refused("/proc/x/r.html", "--report: can't");
  const ProcessResult dashboard = runs.perigee({"run", "--quiet", "--report", "r.md", "script.lua"},
                                               {{"K6_WEB_DASHBOARD_EXPORT", "/proc/x/r.html"}});
  CHECK(dashboard.exit_code == 104);
  CHECK_MESSAGE(says(dashboard, "K6_WEB_DASHBOARD_EXPORT: can't"), dashboard.err);
}

TEST_CASE("two runs are compared, and a condition that is met ends with 99") {
  Runs runs;
  runs.record("base.perigee", "20");
  runs.record("new.perigee", "30");
  const ProcessResult plain = runs.perigee({"compare", "base.perigee", "new.perigee"});
  CHECK(plain.exit_code == 0);
  CHECK(says(plain, "+50.0%"));
  CHECK(says(plain, "too short to say"));
  const ProcessResult failed = runs.perigee({"compare", "base.perigee", "new.perigee", "--fail-if",
                                             "wait p(95) worse by 5%", "--format", "json"});
  CHECK(failed.exit_code == 99);
  CHECK(nlohmann::json::parse(failed.out)["failed"][0] == "wait p(95) worse by 5%");
  CHECK(runs.perigee({"compare", "new.perigee", "base.perigee", "--fail-if",
                      "wait p(95) worse by 5%", "-o", "c.md"})
            .exit_code == 0);
  CHECK(runs.has("c.md", "| wait | p(95) |"));
}

TEST_CASE("runs are compared by tags, and a condition may be about a part") {
  Runs runs;
  const auto record = [&](const std::string& file, const std::string& slow) {
    std::ofstream(runs.folder / "parts.lua") << R"lua(
local wait = require("perigee.metrics").trend("wait", true)
return {
  options = { iterations = 50 },
  default = function()
    wait:add(10, { name = "GET /a" })
    wait:add(tonumber(__ENV.SLOW), { name = "b" })
  end,
})lua";
    REQUIRE(runs.perigee({"run", "--quiet", "--out", "results=" + file, "-e", "SLOW=" + slow,
                          "parts.lua"})
                .exit_code == 0);
  };
  record("base.perigee", "20");
  record("new.perigee", "30");
  const std::vector<std::string> compare{"compare", "base.perigee", "new.perigee"};
  const auto with = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), compare.begin(), compare.end());
    return runs.perigee(flags);
  };
  const ProcessResult by = with({"--by", "name"});
  CHECK(by.exit_code == 0);
  CHECK_MESSAGE(says(by, "wait{name:GET /a}"), by.out);
  CHECK(says(by, "wait{name:b}"));
  CHECK(with({"--fail-if", "wait{name:b} avg worse by 40%"}).exit_code == 99);
  CHECK(with({"--fail-if", "wait{name:GET /a} avg worse by 1%"}).exit_code == 0);
  const ProcessResult nothing = with({"--fail-if", "wait{name:c} avg worse by 1%"});
  CHECK(nothing.exit_code == 104);
  CHECK(says(nothing, "nothing was measured for wait{name:c}"));
  const ProcessResult misspelt = with({"--by", "nme"});
  CHECK(misspelt.exit_code == 104);
  CHECK(says(misspelt, "did you mean"));
}

TEST_CASE("what can't be compared is said, with a configuration error") {
  Runs runs;
  runs.record("a.perigee", "20");
  std::ofstream(runs.folder / "other.lua")
      << R"lua(local wait = require("perigee.metrics").counter("wait")
               return { default = function() wait:add(1) end })lua";
  REQUIRE(runs.perigee({"run", "--quiet", "--out", "results=b.perigee", "other.lua"}).exit_code ==
          0);
  std::ofstream(runs.folder / "text.perigee") << "not one of them";
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& text) {
    const ProcessResult result = runs.perigee(arguments);
    CHECK(result.exit_code == 104);
    CHECK_MESSAGE(says(result, text), result.err);
  };
  refused({"compare", "a.perigee", "b.perigee"}, "b.perigee");
  refused({"compare", "a.perigee", "text.perigee"}, "is no result file");
  refused({"compare", "a.perigee", "nowhere"}, "can't open nowhere");
  std::filesystem::create_directory(runs.folder / "empty");
  refused({"compare", "empty", "a.perigee"}, "no file there ends in .perigee");
  refused({"compare", "a.perigee", "a.perigee", "-o", "c.html"}, ".txt, .md, .json");
  refused({"compare", "a.perigee", "a.perigee", "--format", "markdwn"}, "text, json and md");
  refused({"compare", "a.perigee", "a.perigee", "--fail-if", "wait worse"}, "worse by N%");
  refused({"compare", "a.perigee"}, "NEW is required");
}

}  // namespace perigee
