// perigee merge and perigee report on the files of real runs.
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

constexpr const char* kScript = R"lua(
local execution = require "perigee.execution"
local metrics = require "perigee.metrics"
local perigee = require "perigee"
local size = metrics.trend("size")
return {
  options = {
    vus = 4, iterations = 400,
    thresholds = { size = { "p(95)<50", "max<1000" }, checks = { "rate>0.9" } },
    summaryTrendStats = { "min", "max", "p(95)", "count" },
  },
  default = function()
    size:add(execution.scenario.iteration_in_test)
    perigee.check(1, { ok = function() return true end })
  end,
})lua";

// Runs of the script, and commands on their files, in one folder.
struct Runs {
  Runs() { std::ofstream(folder / "script.lua") << kScript; }

  ProcessResult perigee(std::vector<std::string> arguments, const std::string& run_id = "") {
    arguments.insert(arguments.begin(), perigee_program());
    Process process(arguments,
                    {.environment = {{"PERIGEE_RUN_ID", run_id}}, .folder = folder / ""});
    return process.wait();
  }

  void run(const std::string& file, std::vector<std::string> flags,
           const std::string& run_id = "") {
    flags.insert(flags.begin(), {"run", "--quiet", "--out", "results=" + file});
    flags.emplace_back("script.lua");
    const int exit_code = perigee(flags, run_id).exit_code;
    REQUIRE(exit_code == 99);  // p(95) of 400 sizes is above 50
  }

  nlohmann::json report(const std::vector<std::string>& files) {
    std::vector<std::string> arguments{"report", "--format", "json"};
    arguments.insert(arguments.end(), files.begin(), files.end());
    const ProcessResult result = perigee(arguments);
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    return nlohmann::json::parse(result.out);
  }

  ScratchFolder folder;
};

}  // namespace

TEST_CASE("a report of one file is the summary that its run told") {
  Runs runs;
  runs.run("run.perigee", {"--summary-export", "summary.json"});
  nlohmann::json summary = nlohmann::json::parse(read_text(runs.folder / "summary.json"));
  CHECK(runs.report({"run.perigee"}) == summary);
  const ProcessResult text = runs.perigee({"report", "run.perigee"});
  CHECK(text.exit_code == 0);
  CHECK(text.out.find("script: script.lua") != std::string::npos);
  CHECK(text.out.find("✗ 'p(95)<50'") != std::string::npos);
  CHECK(text.out.find("size") != std::string::npos);
}

TEST_CASE("segments of a test merge into the whole test") {
  Runs runs;
  runs.run("whole.perigee", {});
  const std::vector<std::string> segments{"0:1/4", "1/4:1/2", "1/2:1"};
  std::vector<std::string> files;
  for (const std::string& segment : segments) {
    files.push_back("part" + std::to_string(files.size()));
    runs.run(files.back(),
             {"--execution-segment", segment, "--execution-segment-sequence", "0,1/4,1/2,1"},
             "one test");
  }
  const nlohmann::json whole = runs.report({"whole.perigee"});
  std::vector<std::string> merge{"merge", "-o", "all.perigee"};
  merge.insert(merge.end(), files.begin(), files.end());
  const ProcessResult merged = runs.perigee(merge);
  CHECK_MESSAGE(merged.exit_code == 0, merged.err);
  CHECK(merged.err == "all.perigee: 3 parts of one run, side by side\n");
  for (const auto& report : {runs.report(files), runs.report({"all.perigee"})}) {
    CHECK(report["metrics"]["size"] == whole["metrics"]["size"]);
    CHECK(report["metrics"]["iterations"]["count"] == 400);
    CHECK(report["root_group"] == whole["root_group"]);
  }
}

TEST_CASE("a missing part of the test is named") {
  Runs runs;
  for (const std::string segment : {"0:1/4", "1/2:3/4"}) {
    runs.run(segment.substr(0, 1), {"--execution-segment", segment}, "one test");
  }
  const ProcessResult text = runs.perigee({"report", "0", "1"});
  CHECK(text.out.find("Of the test the part 1/4:1/2, 3/4:1 is missing.") != std::string::npos);
  const ProcessResult merged = runs.perigee({"merge", "0", "1", "-o", "all"});
  CHECK(merged.err.find("the part 1/4:1/2, 3/4:1 is missing") != std::string::npos);
}

TEST_CASE("repetitions add up, and a merged file merges again") {
  Runs runs;
  for (const std::string file : {"a", "b", "c"})
    runs.run(file, {});
  CHECK(runs.perigee({"merge", "a", "b", "-o", "ab"}).err == "ab: 2 runs, one after the other\n");
  const nlohmann::json all = runs.report({"ab", "c"});
  CHECK(all["metrics"]["iterations"]["count"] == 1200);
  CHECK(all["metrics"]["size"]["count"] == 1200);
  CHECK(all["metrics"]["vus"]["max"].get<int>() <= 4);
}

TEST_CASE("other programs read the reports of a run") {
  Runs runs;
  runs.run("run.perigee", {});
  for (const std::string file :
       {"r.html", "r.xml", "r.csv", "r.md", "r.xlsx", "r.png", "sub/r.txt"})
    REQUIRE(runs.perigee({"report", "run.perigee", "-o", file}).exit_code == 0);
  const ProcessResult read =
      run_process({"/usr/bin/python3", "tests/process/read_reports.py", runs.folder / ""});
  CHECK_MESSAGE(read.exit_code == 0, read.err);
  CHECK(read.out ==
        "testcases 6 failures 1, iterations 400, page closes what it opens, iterations of the "
        "workbook 400\n");
  CHECK(read_text(runs.folder / "r.png").starts_with("\x89PNG"));
  const ProcessResult piped =
      runs.perigee({"report", "run.perigee", "-o", "-", "--format", "junit"});
  CHECK(piped.out == read_text(runs.folder / "r.xml"));
}

TEST_CASE("a file that is given twice counts once") {
  Runs runs;
  runs.run("run.perigee", {});
  const ProcessResult merged =
      runs.perigee({"merge", "run.perigee", "run.perigee", "-o", "all.perigee"});
  CHECK(merged.exit_code == 0);
  CHECK_MESSAGE(merged.err.find("all.perigee: 1 run\n") != std::string::npos, merged.err);
  CHECK(runs.report({"all.perigee"})["metrics"]["iterations"] ==
        runs.report({"run.perigee"})["metrics"]["iterations"]);
}

TEST_CASE("what can't be reported or merged is said, with a configuration error") {
  Runs runs;
  runs.run("a", {});
  std::ofstream(runs.folder / "text") << "not one of them";
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& text) {
    const ProcessResult result = runs.perigee(arguments);
    CHECK(result.exit_code == 104);
    CHECK_MESSAGE(result.err.find(text) != std::string::npos, result.err);
  };
  refused({"report", "text"}, "text is no result file (perigee run --out results=FILE)");
  refused({"report", "nowhere"}, "can't open nowhere: No such file or directory");
  refused({"report", "a", "--format", "jsom"},
          "there are text|json|md|junit|csv|html|xlsx|png (did you mean");
  refused({"report", "a", "-o", "report.pdf"},
          "report.pdf: a report's ending says its format: .txt");
  refused({"report", "a", "-o", "report"}, "(or name one: --format)");
  refused({"run", "--out", "results=/dev/full", "script.lua"}, "can't write /dev/full");
  refused({"report"}, "FILE is required");
  refused({"merge", "a"}, "--output is required");
  refused({"merge", "a", "-o", "a"}, "this is one of the files to merge");
  CHECK(runs.perigee({"report", "a", "-o", "/dev/full", "--format", "md"}).exit_code == 255);
}

}  // namespace perigee
