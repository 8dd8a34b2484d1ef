// What people type, and what they get for it.
#include <algorithm>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/script_run.h"
#include "tests/support/target_process.h"
#include "tests/support/thread_sanitizer.h"

namespace perigee {
namespace {

constexpr const char* kEmpty = "return { default = function() end }";

size_t occurrences(const std::string& text, const std::string& what) {
  size_t count = 0;
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
    ++count;
  return count;
}

// perigee run FLAGS... script.lua with nothing added.
ProcessResult run_plainly(const std::vector<std::string>& flags) {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kEmpty;
  std::vector<std::string> command{perigee_program(), "run"};
  command.insert(command.end(), flags.begin(), flags.end());
  command.emplace_back("script.lua");
  return run_process(command, {.folder = folder / ""});
}

}  // namespace

TEST_CASE("a run says what it will do, how far it is, and what came of it") {
  const ProcessResult run = run_plainly({"-u", "2", "-i", "6", "--workers", "2"});
  INFO(run.out);
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  CHECK(run.out.starts_with("  script: script.lua\n  workers: 2\n"));
  CHECK(run.out.find("scenarios: 1, 2 max VUs, 10m30s max duration (incl. graceful stop):\n"
                     "    * default: 6 iterations shared among 2 VUs (maxDuration: 10m, "
                     "gracefulStop: 30s)\n") != std::string::npos);
  CHECK(run.out.find("\ndone (0m00.") != std::string::npos);
  CHECK(run.out.find("s), 0/2 VUs, 6 complete and 0 interrupted iterations\n") !=
        std::string::npos);
  CHECK(run.out.find("iterations") < run.out.rfind("iterations"));
  // Where nobody looks on, there is nothing to move a cursor for.
  CHECK(run.out.find('\x1b') == std::string::npos);
}

TEST_CASE("-q leaves the summary only") {
  const ProcessResult run = run_plainly({"-q", "-i", "6"});
  INFO(run.out);
  CHECK(run.exit_code == 0);
  CHECK(run.err.empty());
  CHECK(run.out.find("script.lua") == std::string::npos);
  CHECK(run.out.find("running (") == std::string::npos);
  CHECK(run.out.find("iterations") != std::string::npos);
}

TEST_CASE("perigee help, perigee run --help and perigee version") {
  const ProcessResult help = run_process({perigee_program(), "help"});
  CHECK(help.exit_code == 0);
  CHECK(help.out.find("perigee run FILE.lua") != std::string::npos);
  CHECK(run_process({perigee_program()}).out == help.out);
  const ProcessResult run_help = run_process({perigee_program(), "run", "--help"});
  CHECK(run_help.exit_code == 0);
  for (const char* flag : {"-u,--vus", "-d,--duration", "-i,--iterations", "-e,--env", "--tag",
                           "-o,--out", "--summary-export", "--workers", "-q,--quiet"}) {
    CHECK_MESSAGE(run_help.out.find(flag) != std::string::npos, flag);
  }
  const ProcessResult version = run_process({perigee_program(), "version"});
  CHECK(version.exit_code == 0);
  CHECK(version.out.starts_with("perigee "));
  CHECK(occurrences(version.out, ".") == 2);
}

TEST_CASE("outputs make their folders") {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << kEmpty;
  const ProcessResult run = run_process(
      {perigee_program(), "run", "-q", "--no-teardown", "--summary-export", "results/a/base.json",
       "--out", "csv=results/b/base.gz", "-u", "5", "-i", "50", "-d", "120m", "script.lua"},
      {.folder = folder / ""});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  const auto summary = nlohmann::json::parse(read_text(folder / "results/a/base.json"));
  CHECK(summary["metrics"]["iterations"]["count"] == 50);
  CHECK(CsvTable(folder / "results/b/base.gz").rows("iterations") == 50);
}

TEST_CASE("--tag is on every sample, and -e in __ENV above the environment") {
  ScriptRun run(
      "return { default = function() print(__ENV.GREETING, __ENV.HOME == nil) end }",
      {"--tag", "team=ml", "--tag", "stage=test", "-e", "GREETING=a=b", "-e", "HOME=here"});
  CHECK(run.exit_code() == 0);
  CHECK(run.logged("a=b\\tfalse"));
  REQUIRE(run.csv().size() > 0);
  for (size_t row = 0; row < run.csv().size(); ++row) {
    CHECK(run.csv().at(row, "extra_tags") == "stage=test&team=ml");
  }
}

TEST_CASE("flags replace the script's load") {
  ScriptRun run("return { options = { vus = 7, duration = '60s' }, default = function() end }",
                {"-u", "2", "-i", "10"});
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iterations") == 10);
  CHECK(run.summary()["metrics"]["vus_max"]["max"] == 2);
}

TEST_CASE("--user-agent is what the target sees") {
  const TargetProcess target;
  ScriptRun run(
      "local http = require 'perigee.http'\n"
      "return { default = function()\n"
      "  print(http.get(__ENV.URL .. '/echo'):json().headers['User-Agent'])\nend }",
      {"--user-agent", "probe/7", "-e", "URL=" + target.url()});
  CHECK(run.exit_code() == 0);
  CHECK(run.logged("msg=probe/7"));
}

TEST_CASE("--no-setup and --no-teardown leave them out") {
  ScriptRun run(
      "return { default = function() end, setup = function() print('set up') end,\n"
      "teardown = function() print('torn down') end }",
      {"--no-setup", "--no-teardown"});
  CHECK(run.exit_code() == 0);
  CHECK(run.log().empty());
}

TEST_CASE("scenarios have their own start, function, environment and tags") {
  ScriptRun run(R"lua(
local M = { options = { scenarios = {
  first = { executor = "per-vu-iterations", vus = 2, iterations = 3, exec = "read",
            env = { KIND = "reader" }, tags = { kind = "r" } },
  second = { executor = "shared-iterations", vus = 2, iterations = 4, exec = "write",
             env = { KIND = "writer" }, tags = { kind = "w" }, startTime = "1s" },
} } }
function M.read() print("read " .. __ENV.KIND) end
function M.write() print("write " .. __ENV.KIND) end
return M
)lua");
  CHECK(run.exit_code() == 0);
  CHECK(occurrences(run.log(), "msg=\"read reader\"") == 6);
  CHECK(occurrences(run.log(), "msg=\"write writer\"") == 4);
  CHECK(run.log().rfind("read reader") < run.log().find("write writer"));
  CHECK(run.csv().rows("iterations", {{"scenario", "first"}, {"extra_tags", "kind=r"}}) == 6);
  CHECK(run.csv().rows("iterations", {{"scenario", "second"}, {"extra_tags", "kind=w"}}) == 4);
}

TEST_CASE("every VU has a copy of its own of what setup returned") {
  ScriptRun run(R"lua(
local M = { options = { scenarios = { load = {
  executor = "per-vu-iterations", vus = 3, iterations = 4 } } } }
function M.setup() return { seen = 0, list = { "a", "b" } } end
function M.default(data)
  data.seen = data.seen + 1
  print("seen " .. data.seen .. " " .. #data.list)
end
function M.teardown(data) print("teardown " .. data.seen .. " " .. data.list[2]) end
return M
)lua",
                {"--workers", "2"});
  CHECK(run.exit_code() == 0);
  for (const char* line : {"seen 1 2", "seen 2 2", "seen 3 2", "seen 4 2"}) {
    CHECK_MESSAGE(occurrences(run.log(), line) == 3, line);
  }
  CHECK(run.logged("teardown 0 b"));
  CHECK(run.summary()["setup_data"] == nlohmann::json{{"seen", 0}, {"list", {"a", "b"}}});
}

TEST_CASE("an endless loop is stopped, counted as a failed iteration, and the run goes on" *
          doctest::skip(kSignalsComeLate)) {
  ScriptRun run(R"lua(
local M = { options = { scenarios = { load = {
  executor = "per-vu-iterations", vus = 2, iterations = 3 } } } }
function M.default()
  if __VU == 1 and __ITER == 1 then
    local n = 0
    while true do n = n + 1 end
  end
end
return M
)lua",
                {"--no-yield-limit", "300ms", "--workers", "1"});
  INFO(run.log());
  CHECK(run.exit_code() == 0);
  CHECK(run.count("iterations") == 6);
  CHECK(run.count("iteration_errors") == 1);
  CHECK(
      run.logged("script.lua:7: stopped: the script ran too long without waiting for anything "
                 "(an endless loop?); --no-yield-limit sets how long it may"));
}

TEST_CASE("a function whose name is nearly one that is run ends the start") {
  for (const std::string name : {"handleSumary", "Setup", "setUp", "tear_down"}) {
    CAPTURE(name);
    const ShortRun run =
        run_script("return { default = function() end, " + name + " = function() end }");
    CHECK(run.exit_code == 104);
    CHECK(run.says("script.lua: nothing runs the function \"" + name + "\" (did you mean \""));
  }
  CHECK(run_script("return { default = function() end, helper = function() end }").exit_code == 0);
}

TEST_CASE("a field that was meant for the options ends the start") {
  const auto with = [](const std::string& field) {
    return run_script("return { default = function() end, " + field + " }");
  };
  const ShortRun option = with("option = { vus = 5 }");
  CHECK(option.exit_code == 104);
  CHECK(
      option.says_exactly("script.lua: nothing reads \"option\" in the script's table (did you "
                          "mean \"options\"?); if it "
                          "is the script's own, make it local or give it another name"));
  for (const std::string field : {"thresholds = {}", "threshold = {}", "scenario = {}", "vus = 5",
                                  "Duration = '1s'", "setup_timeout = '1s'"}) {
    CAPTURE(field);
    const ShortRun run = with(field);
    CHECK(run.exit_code == 104);
    CHECK(run.says("; write it into the table's options; if it is the script's own"));
  }
  for (const std::string field :
       {"url = 'x'", "settings = {}", "data = {}", "models = {}", "set = 1"}) {
    CAPTURE(field);
    CHECK(with(field).exit_code == 0);
  }
}

TEST_CASE("a script of k6's is told from one of ours by its name") {
  const ScratchFolder folder;
  std::ofstream(folder / "test.js") << "export default function () {}";
  const ProcessResult run =
      run_process({perigee_program(), "run", "test.js"}, {.folder = folder / ""});
  CHECK(run.exit_code == 104);
  CHECK(run.err.find("test.js: scenarios are Lua files here, not k6's JavaScript; "
                     "perigee help from-k6 says how each part is written") != std::string::npos);
}

}  // namespace perigee
