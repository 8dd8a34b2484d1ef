// Where a run's messages go, how they look, and what they never hold.
#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// A run in a folder of its own, with the files that it leaves there.
struct LoggedRun {
  LoggedRun(const std::string& script, const std::vector<std::string>& flags,
            const std::map<std::string, std::string>& environment = {}) {
    std::ofstream(folder / "script.lua") << script;
    std::vector<std::string> command{perigee_program(), "run"};
    command.insert(command.end(), flags.begin(), flags.end());
    command.emplace_back("script.lua");
    result = run_process(command, {.environment = environment, .folder = folder / ""});
  }

  std::string file(const std::string& name) const { return read_text(folder / name); }

  ScratchFolder folder;
  ProcessResult result;
};

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* kTalker =
    "return { default = function() console.log('hello') console.error('oh') error('broken') end }";

}  // namespace

TEST_CASE("--log-format json writes objects, which Python reads") {
  const LoggedRun run(kTalker, {"-q", "--log-format", "json"});
  std::ofstream(run.folder / "log.json") << run.result.err;
  const ProcessResult read =
      run_process({"python3", "-c",
                   "import json, sys\nfor line in open(sys.argv[1]):\n"
                   "  entry = json.loads(line)\n"
                   "  print(entry['level'], entry['msg'].split('\\n')[0], entry.get('source'), "
                   "len(entry['time']))",
                   run.folder / "log.json"});
  INFO(run.result.err, read.err);
  CHECK(has(read.out, "info hello console 20\nerror oh console 20\n"));
  CHECK(has(read.out, "error script.lua:1: broken None 20\n"));
}

TEST_CASE("--log-format raw writes the messages alone") {
  const LoggedRun run(kTalker, {"-q", "--log-format", "raw"});
  CHECK(has(run.result.err, "hello\noh\nscript.lua:1: broken"));
}

TEST_CASE("--log-output sends the log elsewhere") {
  const LoggedRun none(kTalker, {"-q", "--log-output", "none"});
  CHECK(none.result.err.empty());
  const LoggedRun out(kTalker, {"-q", "--log-output", "stdout"});
  CHECK(out.result.err.empty());
  CHECK(has(out.result.out, "msg=hello source=console"));
  const LoggedRun file(kTalker, {"-q", "--log-output", "file=run.log,level=error"});
  CHECK(file.result.err.empty());
  CHECK_FALSE(has(file.file("run.log"), "hello"));
  CHECK(has(file.file("run.log"), "level=error msg=oh source=console\n"));
  CHECK(has(file.file("run.log"), "broken"));
}

TEST_CASE("errors that end a run before its start go to the log that was asked for, too") {
  const LoggedRun run("error('no')", {"--log-output", "file=run.log", "--log-format", "raw"});
  CHECK(run.result.exit_code == 107);
  CHECK(run.result.err.empty());
  CHECK(has(run.file("run.log"), "script.lua:1: no"));
}

TEST_CASE("other places are refused by name") {
  for (const auto& [flag, message] :
       {std::pair{"loki=http://127.0.0.1:3100", "--log-output: this version does not send logs"},
        std::pair{"file=/proc/x", "--log-output: can't open /proc/x for writing"}}) {
    const LoggedRun run(kTalker, {"--log-output", flag});
    INFO(run.result.err);
    CHECK(run.result.exit_code == 104);
    CHECK(has(run.result.err, message));
  }
}

TEST_CASE("a place that can't be had is reported under the name of the variable that set it") {
  for (const auto& [variable, value] :
       {std::pair{"K6_LOG_OUTPUT", "file=/proc/x"}, std::pair{"PERIGEE_LOG_OUTPUT", "stderrr"},
        std::pair{"PERIGEE_CONSOLE_OUTPUT", "/proc/x"}, std::pair{"K6_SUMMARY_EXPORT", "/proc/x"},
        std::pair{"K6_OUT", "csv=/proc/x"}, std::pair{"PERIGEE_OUT", "csvv=x"}}) {
    const LoggedRun run(kTalker, {"-q"}, {{variable, value}});
    INFO(run.result.err);
    CHECK(run.result.exit_code == 104);
    CHECK(has(run.result.err, std::string("msg=\"") + variable + ": "));
  }
  const LoggedRun csv(kTalker, {"-q", "--out", "csv"}, {{"K6_CSV_FILENAME", "/proc/x"}});
  CHECK(has(csv.result.err, "msg=\"K6_CSV_FILENAME: can't open /proc/x for writing"));
  const LoggedRun option("return { options = { out = { 'json=/proc/x' } }, default = print }", {});
  CHECK(has(option.result.err, "msg=\"script.lua: options.out: can't open /proc/x for writing"));
}

TEST_CASE("--console-output takes what scripts print, and leaves the rest") {
  const LoggedRun run(kTalker, {"-q", "--console-output", "console.txt"});
  CHECK(has(run.file("console.txt"), " level=info msg=hello\n"));
  CHECK(has(run.file("console.txt"), " level=error msg=oh\n"));
  CHECK_FALSE(has(run.file("console.txt"), "broken"));
  CHECK_FALSE(has(run.result.err, "hello"));
  CHECK(has(run.result.err, "broken"));
}

TEST_CASE("-v shows what scripts say at the level debug") {
  const std::string script = "return { default = function() console.debug('details') end }";
  CHECK_FALSE(has(LoggedRun(script, {"-q"}).result.err, "details"));
  CHECK(has(LoggedRun(script, {"-q", "-v"}).result.err, "level=debug msg=details source=console"));
}

TEST_CASE("-q leaves nothing but the summary") {
  const LoggedRun run("return { default = function() end }", {"-q"});
  CHECK(run.result.err.empty());
  CHECK(run.result.out.rfind("\n  █ TOTAL RESULTS", 0) == 0);
}

TEST_CASE("no secret of URLs and the environment is printed") {
  const LoggedRun run(R"lua(
      local http = require "perigee.http"
      local scenario = { executor = "per-vu-iterations", env = { OWN_KEY = "own-secret" } }
      return { options = { scenarios = { one = scenario } }, default = function()
        console.log("using", __ENV.HF_TOKEN, __ENV.OWN_KEY)
        console.log({ password = __ENV.DB_PASSWORD })
        http.get("http://me:pass@127.0.0.1:1/?api_key=q7x9")
        error("failed with " .. __ENV.MY_SECRET .. " at http://u:pw0@h/")
      end })lua",
                      {"-v", "-e", "MY_SECRET=zzz-given", "-e", "DB_PASSWORD=quo\"ted"},
                      {{"HF_TOKEN", "hf-environment"}});
  const std::string all = run.result.out + run.result.err;
  CHECK(has(all, "using *** ***"));
  CHECK(has(all, R"({\"password\":\"***\"})"));
  CHECK(has(all, "failed with *** at http://***@h/"));
  for (const char* secret :
       {"hf-environment", "own-secret", "quo", "me:pass", "q7x9", "zzz-given", "u:pw0"}) {
    INFO(secret);
    CHECK_FALSE(has(all, secret));
  }
}

TEST_CASE("secrets of the environment stay out where scripts don't see it, and in inspect") {
  const std::string script = R"lua(console.log("http://h/#" .. "hf-" .. "environment") return {
    default = function() end })lua";
  const std::map<std::string, std::string> environment{{"HF_TOKEN", "hf-environment"}};
  const LoggedRun run(script, {"--include-system-env-vars=false"}, environment);
  CHECK(has(run.result.err, "http://h/#***"));
  std::ofstream(run.folder / "other.lua") << script;
  const ProcessResult inspected =
      run_process({perigee_program(), "inspect", "other.lua"},
                  {.environment = environment, .folder = run.folder / ""});
  CHECK(has(inspected.err, "http://h/#***"));
}

TEST_CASE("what a script prints and raises is shown, whatever words are in it") {
  const LoggedRun run(R"lua(return { default = function()
    print("cookie: chocolate", "MAX_TOKENS=" .. __ENV.MAX_TOKENS)
    console.log({ headers = { Authorization = "granted", ["Set-Cookie"] = "a=b" }, token = "x" })
    console.log("GET /?token=abc&key=7")
    error("authorization: refused; password=none")
  end })lua",
                      {"-q", "--log-format", "raw"}, {{"MAX_TOKENS", "4096000"}});
  INFO(run.result.err);
  CHECK(has(run.result.err, "cookie: chocolate\tMAX_TOKENS=4096000\n"));
  CHECK(has(run.result.err,
            R"({"headers":{"Authorization":"granted","Set-Cookie":"a=b"},"token":"x"})"));
  CHECK(has(run.result.err, "GET /?token=abc&key=7\n"));
  CHECK(has(run.result.err, "authorization: refused; password=none"));
  CHECK_FALSE(has(run.result.err, "***"));
}

}  // namespace perigee
