#include "cli/run_flags.h"

#include <cstdlib>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/base/limits.h"

namespace perigee {
namespace {

RunFlags parse(std::vector<const char*> words) {
  words.insert(words.begin(), "run");
  return parse_run_flags(static_cast<int>(words.size()), words.data());
}

std::string error_of(const std::vector<const char*>& words) {
  try {
    parse(words);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a script alone sets nothing") {
  const RunFlags flags = parse({"infer.lua"});
  CHECK(flags.script == "infer.lua");
  CHECK(flags.options == nlohmann::json::object());
  CHECK(flags.summary_export.empty());
  CHECK(flags.workers == 0);
  CHECK(flags.no_yield_limit == limits::kNoYield);
  CHECK(flags.jit);
  CHECK_FALSE(flags.quiet);
}

TEST_CASE("the load's flags are options above the script's own") {
  const RunFlags flags = parse({"-u", "5", "-i", "100000", "-d", "120m", "a.lua"});
  CHECK(flags.options == nlohmann::json{{"vus", 5}, {"iterations", 100'000}, {"duration", "120m"}});
  CHECK(parse({"--vus=7", "a.lua"}).options == nlohmann::json{{"vus", 7}});
}

TEST_CASE("the Seldon suite's command line is understood as it stands") {
  const RunFlags flags =
      parse({"--no-teardown", "--summary-export", "results/base.json", "--out",
             "csv=results/base.gz", "-u", "5", "-i", "100000", "-d", "120m", "infer.lua"});
  CHECK(flags.script == "infer.lua");
  CHECK(flags.options["noTeardown"] == true);
  CHECK(flags.summary_export == "results/base.json");
  CHECK(flags.options["out"] == nlohmann::json{"csv=results/base.gz"});
}

TEST_CASE("flags that may be repeated do not take the script for a value") {
  const RunFlags flags =
      parse({"--tag", "team=ml", "--tag", "stage=a=b", "-e", "URL=x", "-o", "csv=a", "a.lua"});
  CHECK(flags.script == "a.lua");
  CHECK(flags.options["tags"] == nlohmann::json{{"team", "ml"}, {"stage", "a=b"}});
  CHECK(flags.env.at("URL") == "x");
  CHECK(flags.options["out"] == nlohmann::json{"csv=a"});
}

TEST_CASE("-e stands above the environment, which is there too") {
  setenv("PERIGEE_TEST_VARIABLE", "outer", 1);
  CHECK(parse({"a.lua"}).env.at("PERIGEE_TEST_VARIABLE") == "outer");
  CHECK(parse({"-e", "PERIGEE_TEST_VARIABLE=inner", "a.lua"}).env.at("PERIGEE_TEST_VARIABLE") ==
        "inner");
  CHECK(parse({"-e", "PERIGEE_TEST_VARIABLE=", "a.lua"}).env.at("PERIGEE_TEST_VARIABLE").empty());
  unsetenv("PERIGEE_TEST_VARIABLE");
}

TEST_CASE("switches") {
  const RunFlags flags = parse({"-q", "-v", "--no-setup", "--no-teardown", "--no-thresholds",
                                "--no-color", "--no-jit", "a.lua"});
  CHECK(flags.quiet);
  CHECK(flags.verbose);
  CHECK(flags.no_thresholds);
  CHECK(flags.no_color);
  CHECK_FALSE(flags.jit);
  CHECK(flags.options == nlohmann::json{{"noSetup", true}, {"noTeardown", true}});
}

TEST_CASE("columns of trends are a list") {
  CHECK(
      parse({"--summary-trend-stats", "avg,p(95),p(99.9)", "a.lua"}).options["summaryTrendStats"] ==
      nlohmann::json{"avg", "p(95)", "p(99.9)"});
}

TEST_CASE("workers, and how long a script may run without waiting") {
  CHECK(parse({"--workers", "4", "a.lua"}).workers == 4);
  CHECK(parse({"--no-yield-limit", "300ms", "a.lua"}).no_yield_limit ==
        std::chrono::milliseconds(300));
  CHECK(parse({"--no-yield-limit", "0", "a.lua"}).no_yield_limit == Duration::zero());
}

TEST_CASE("what is wrong is named") {
  CHECK(error_of({}) == "name a script: perigee run FILE.lua");
  CHECK(error_of({"a.lua", "b.lua"}) == "one script at a time: \"b.lua\" is too many");
  CHECK(error_of({"--vuss", "3", "a.lua"}) ==
        "there is no flag --vuss (did you mean \"--vus\"?); see perigee run --help");
  CHECK(error_of({"--itertions=3", "a.lua"}) ==
        "there is no flag --itertions (did you mean \"--iterations\"?); see perigee run --help");
  CHECK(error_of({"--stage", "10s:5", "a.lua"}) ==
        "k6 has the flag --stage, this version does not; see perigee run --help");
  CHECK(error_of({"a.lua", "--vus"}).find("--vus") != std::string::npos);
  CHECK(error_of({"-u", "-3", "a.lua"}) ==
        "--vus: must be a whole number of at least 1, got \"-3\"");
  CHECK(error_of({"-d", "0s", "a.lua"}) ==
        "--duration: must be a duration above 0 like 30s or 1h5m, got \"0s\"");
  CHECK(error_of({"--tag", "=x", "a.lua"}) == "--tag: must look like NAME=VALUE, got \"=x\"");
}

}  // namespace perigee
