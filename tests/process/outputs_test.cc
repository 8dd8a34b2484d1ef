#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/process/script_run.h"
#include "tests/support/process.h"

namespace perigee {
namespace {

constexpr const char* kBusy = R"lua(
local perigee = require "perigee"
local passes = { ok = function() return true end }
return {
  options = { iterations = 150000, vus = 4 },
  default = function() for _ = 1, 10 do perigee.check(1, passes) end end,
}
)lua";

// A run whose JSON lines go into a pipe that nobody reads until the run says that it is full.
struct SlowReader {
  explicit SlowReader(const std::vector<std::string>& flags) {
    std::ofstream(folder / "script.lua") << kBusy;
    const std::string pipe = folder / "lines";
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    std::vector<std::string> command{perigee_program(), "run",          "--quiet",
                                     "--out",           "json=" + pipe, "--summary-export",
                                     "export.json"};
    command.insert(command.end(), flags.begin(), flags.end());
    command.emplace_back("script.lua");
    Process process(command, {.folder = folder / ""});
    std::ifstream lines(pipe);
    process.wait_for_error("the raw outputs are slower than the load");
    for (std::string line; std::getline(lines, line);)
      points += line.find("\"type\":\"Point\"") != std::string::npos ? 1 : 0;
    result = process.wait();
    exported = nlohmann::json::parse(read_text(folder / "export.json"));
  }

  ScratchFolder folder;
  uint64_t points = 0;
  ProcessResult result;
  nlohmann::json exported;
};

TEST_CASE("when nobody reads the rows the load waits, loses none, and the summary says so") {
  const SlowReader run({});
  CHECK(run.result.exit_code == 0);
  CHECK(run.exported["metrics"]["checks"]["passes"] == 1'500'000);
  CHECK(run.points >= 1'500'000);
  CHECK(run.result.out.find("The raw outputs were slower than the load, which waited") !=
        std::string::npos);
}

TEST_CASE("rows that may be dropped are counted, and the load goes on") {
  const SlowReader run({"--out-overflow", "drop"});
  CHECK(run.exported["metrics"]["checks"]["passes"] == 1'500'000);
  CHECK(run.points < 1'500'000);
  CHECK(run.result.out.find("samples are missing in them") != std::string::npos);
  CHECK(run.result.out.find("which waited") == std::string::npos);
}

TEST_CASE("vu and iter are metadata of the rows, and tags that are off make no series") {
  ScriptRun run(R"lua(
local metrics = require "perigee.metrics"
local hits = metrics.counter("hits")
return {
  options = { scenarios = { s = { executor = "per-vu-iterations", vus = 2, iterations = 3 } },
              systemTags = { "vu", "iter" } },
  setup = function() hits:add(1) end,
  default = function() hits:add(1) end,
}
)lua");
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  CHECK(run.csv().columns() == std::vector<std::string>{"metric_name", "timestamp", "metric_value",
                                                        "extra_tags", "metadata"});
  std::map<std::string, int> seen;
  for (size_t row = 0; row < run.csv().size(); ++row) {
    if (run.csv().at(row, "metric_name") == "hits") ++seen[run.csv().at(row, "metadata")];
  }
  CHECK(seen == std::map<std::string, int>{{"iter=0", 1},
                                           {"iter=0&vu=1", 1},
                                           {"iter=1&vu=1", 1},
                                           {"iter=2&vu=1", 1},
                                           {"iter=0&vu=2", 1},
                                           {"iter=1&vu=2", 1},
                                           {"iter=2&vu=2", 1}});
  CHECK(run.csv().rows("iterations", {{"metadata", "iter=2&vu=1"}}) == 1);
  CHECK(run.csv().rows("vus", {{"metadata", ""}}) == run.csv().rows("vus"));
}

}  // namespace
TEST_CASE("samples on the standard output are alone there") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << "return { default = function() end }";
  for (const std::string output : {"json=-", "json", "csv=-"}) {
    INFO(output);
    const ProcessResult run =
        run_process({perigee_program(), "run", "-i", "5", "--out", output, "script.lua"},
                    {.folder = folder / ""});
    CHECK(run.exit_code == 0);
    CHECK(run.err.find("script: script.lua\n") != std::string::npos);
    CHECK(run.err.find("done (0m00.") != std::string::npos);
    CHECK(run.err.find("TOTAL RESULTS") != std::string::npos);
    std::istringstream lines(run.out);
    size_t samples = 0;
    for (std::string line; std::getline(lines, line);) {
      const bool is_sample =
          output == "csv=-" ? line.find(',') != std::string::npos : nlohmann::json::accept(line);
      CHECK_MESSAGE(is_sample, line);
      ++samples;
    }
    CHECK(samples > 10);
  }
}

}  // namespace perigee
