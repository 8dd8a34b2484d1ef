#include "cli/run_flags.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/base/limits.h"

namespace perigee {
namespace {

using nlohmann::json;

RunFlags parse(std::vector<const char*> words, const Environment& environment = {}) {
  words.insert(words.begin(), "run");
  RunFlags flags;
  const bool parsed =
      parse_run_flags(static_cast<int>(words.size()), words.data(), environment, flags);
  CHECK(parsed);
  return flags;
}

json options(const std::vector<const char*>& words) {
  return parse(words).options.values;
}

std::string error_of(const std::vector<const char*>& words, const Environment& environment = {}) {
  try {
    parse(words, environment);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a script alone sets nothing") {
  const RunFlags flags = parse({"infer.lua"});
  CHECK(flags.script == "infer.lua");
  CHECK(flags.options.values == json::object());
  CHECK(flags.environment_options.values == json::object());
  CHECK(flags.config.empty());
  CHECK(flags.summary_export.empty());
  CHECK(flags.summary_mode == SummaryMode::kCompact);
  CHECK(flags.log_format == LogFormat::kText);
  CHECK(flags.log_output == "stderr");
  CHECK(flags.workers == 0);
  CHECK(flags.no_yield_limit == limits::kNoYield);
  CHECK(flags.jit);
  CHECK_FALSE(flags.quiet);
}

TEST_CASE("the load's flags are options above the script's own") {
  CHECK(options({"-u", "5", "-i", "100000", "-d", "120m", "a.lua"}) ==
        json{{"vus", 5}, {"iterations", 100'000}, {"duration", "120m"}});
  CHECK(options({"--vus=7", "a.lua"}) == json{{"vus", 7}});
  CHECK(options({"-u3", "a.lua"}) == json{{"vus", 3}});
}

TEST_CASE("of a flag that is given twice the last one counts") {
  CHECK(options({"-u", "5", "--vus", "6", "a.lua"}) == json{{"vus", 6}});
}

TEST_CASE("stages are repeated or listed") {
  const json three = json::parse(R"([{"duration": "10s", "target": 5},
                                     {"duration": "1m", "target": 20},
                                     {"duration": "500", "target": 0}])");
  CHECK(options({"-s", "10s:5,1m:20", "--stage", "500:0", "a.lua"})["stages"] == three);
}

TEST_CASE("every option of k6 that has a flag is understood") {
  CHECK(options({"--execution-segment",
                 "1/3",
                 "--execution-segment-sequence",
                 "0,1/3,1",
                 "--min-iteration-duration",
                 "1s",
                 "--max-redirects",
                 "3",
                 "--batch",
                 "5",
                 "--batch-per-host",
                 "2",
                 "--rps",
                 "10",
                 "--throw",
                 "--discard-response-bodies",
                 "--no-connection-reuse",
                 "--no-vu-connection-reuse",
                 "--summary-time-unit",
                 "ms",
                 "--no-usage-report",
                 "--linger",
                 "a.lua"}) ==
        json::parse(R"({"executionSegment": "1/3", "executionSegmentSequence": "0,1/3,1",
                        "minIterationDuration": "1s", "maxRedirects": 3, "batch": 5,
                        "batchPerHost": 2, "rps": 10, "throw": true,
                        "discardResponseBodies": true, "noConnectionReuse": true,
                        "noVUConnectionReuse": true, "summaryTimeUnit": "ms",
                        "noUsageReport": true, "linger": true})"));
  CHECK(options({"-w", "-l", "--dns", "ttl=1m,select=first", "--blacklist-ip",
                 "10.0.0.0/8,11.0.0.1", "--blacklist-ip", "12.0.0.1", "--block-hostnames", "*.dev",
                 "--local-ips", "127.0.0.2-127.0.0.9", "--system-tags", "status,url", "a.lua"}) ==
        json::parse(R"({"throw": true, "linger": true, "dns": {"ttl": "1m", "select": "first"},
                        "blacklistIPs": ["10.0.0.0/8", "11.0.0.1", "12.0.0.1"],
                        "blockHostnames": ["*.dev"], "localIPs": ["127.0.0.2-127.0.0.9"],
                        "systemTags": ["status", "url"]})"));
}

TEST_CASE("a flag whose value may be left out takes none from the next word") {
  CHECK(options({"--http-debug", "a.lua"}) == json::parse(R"({"httpDebug": "headers"})"));
  CHECK(options({"--http-debug=full", "a.lua"}) == json::parse(R"({"httpDebug": "full"})"));
}

TEST_CASE("an empty list is a list") {
  CHECK(options({"--system-tags", "", "a.lua"})["systemTags"] == json::array());
}

TEST_CASE("the Seldon suite's command line is understood as it stands") {
  const RunFlags flags =
      parse({"--no-teardown", "--summary-export", "results/base.json", "--out",
             "csv=results/base.gz", "-u", "5", "-i", "100000", "-d", "120m", "infer.lua"});
  CHECK(flags.script == "infer.lua");
  CHECK(flags.options.values["noTeardown"] == true);
  CHECK(flags.summary_export == "results/base.json");
  CHECK(flags.options.values["out"] == json{"csv=results/base.gz"});
}

TEST_CASE("flags that may be repeated do not take the script for a value") {
  const RunFlags flags = parse({"--tag", "team=ml", "--tag", "stage=a=b", "-e", "URL=x", "-o",
                                "csv=fileName=a,timeFormat=unix", "-o", "csv=b", "a.lua"});
  CHECK(flags.script == "a.lua");
  CHECK(flags.options.values["tags"] == json{{"team", "ml"}, {"stage", "a=b"}});
  CHECK(flags.env.at("URL") == "x");
  CHECK(flags.options.values["out"] == json{"csv=fileName=a,timeFormat=unix", "csv=b"});
}

TEST_CASE("a script may come from stdin") {
  CHECK(parse({"-u", "2", "-"}).script == "-");
}

TEST_CASE("-e stands above the environment, which is there too") {
  const Environment environment{{"NAME", "outer"}};
  CHECK(parse({"a.lua"}, environment).env.at("NAME") == "outer");
  CHECK(parse({"-e", "NAME=inner", "a.lua"}, environment).env.at("NAME") == "inner");
  CHECK(parse({"-e", "NAME=", "a.lua"}, environment).env.at("NAME").empty());
  const RunFlags without =
      parse({"--include-system-env-vars=false", "-e", "A=1", "a.lua"}, environment);
  CHECK(without.env == Environment{{"A", "1"}});
}

TEST_CASE("switches") {
  const RunFlags flags = parse({"-q", "-v", "--no-setup", "--no-teardown", "--no-thresholds",
                                "--no-color", "--no-jit", "a.lua"});
  CHECK(flags.quiet);
  CHECK(flags.verbose);
  CHECK(flags.no_thresholds);
  CHECK(flags.no_color);
  CHECK_FALSE(flags.jit);
  CHECK(flags.options.values == json{{"noSetup", true}, {"noTeardown", true}});
  CHECK(options({"--no-setup=false", "a.lua"}) == json{{"noSetup", false}});
}

TEST_CASE("what becomes of the summary and the log") {
  const RunFlags flags =
      parse({"--summary-mode", "full", "--new-machine-readable-summary", "--console-output",
             "out.txt", "--log-format", "json", "--log-output", "file=run.log", "a.lua"});
  CHECK(flags.summary_mode == SummaryMode::kFull);
  CHECK(flags.new_machine_readable_summary);
  CHECK(flags.console_output == "out.txt");
  CHECK(flags.log_format == LogFormat::kJson);
  CHECK(flags.log_output == "file=run.log");
  CHECK(parse({"--no-summary", "a.lua"}).summary_mode == SummaryMode::kDisabled);
}

TEST_CASE("columns of trends are a list") {
  CHECK(options({"--summary-trend-stats", "avg,p(95),p(99.9)", "a.lua"})["summaryTrendStats"] ==
        json{"avg", "p(95)", "p(99.9)"});
}

TEST_CASE("workers, and how long a script may run without waiting") {
  CHECK(parse({"--workers", "4", "a.lua"}).workers == 4);
  CHECK(parse({"--no-yield-limit", "300ms", "a.lua"}).no_yield_limit ==
        std::chrono::milliseconds(300));
  CHECK(parse({"--no-yield-limit", "0", "a.lua"}).no_yield_limit == Duration::zero());
}

TEST_CASE("flags of the command stand above its variables") {
  const Environment environment{{"PERIGEE_WORKERS", "3"}, {"K6_SUMMARY_EXPORT", "env.json"}};
  CHECK(parse({"a.lua"}, environment).workers == 3);
  CHECK(parse({"--workers", "5", "a.lua"}, environment).workers == 5);
  CHECK(parse({"a.lua"}, environment).summary_export == "env.json");
  CHECK(parse({"a.lua"}, {{"NO_COLOR", ""}}).no_color);
}

TEST_CASE("what is wrong is named") {
  CHECK(error_of({}) == "name a script: perigee run FILE.lua");
  CHECK(error_of({"a.lua", "b.lua"}) == "one script at a time: \"b.lua\" is too many");
  CHECK(error_of({"--vuss", "3", "a.lua"}) ==
        "there is no flag --vuss (did you mean \"--vus\"?); see perigee run --help");
  CHECK(error_of({"--itertions=3", "a.lua"}) ==
        "there is no flag --itertions (did you mean \"--iterations\"?); see perigee run --help");
  CHECK(error_of({"a.lua", "--vus"}).find("--vus") != std::string::npos);
  CHECK(error_of({"-u", "five", "a.lua"}) == "--vus: must be a whole number, got \"five\"");
  CHECK(error_of({"--tag", "=x", "a.lua"}) == "--tag: must look like NAME=VALUE, got \"=x\"");
  CHECK(error_of({"a.lua"}, {{"K6_WORKERS", "0"}}) == "K6_WORKERS: must be at least 1, got 0");
}

TEST_CASE("a flag that is refused is not offered, nor another in its place") {
  for (const std::string flag : {"--pausd", "--pause", "--adress", "--traces-outputs", "--typ",
                                 "--feature", "--secret-sources", "--uploadonly"}) {
    CHECK(error_of({flag.c_str(), "a.lua"}) ==
          "there is no flag " + flag + "; see perigee run --help");
  }
}

TEST_CASE("messages call a setting by the flag or the variable that set it") {
  const RunFlags flags = parse({"--log-output", "stdout", "a.lua"}, {{"K6_SUMMARY_EXPORT", "x"}});
  CHECK(setting_name(flags, "logOutput") == "--log-output");
  CHECK(setting_name(flags, "summaryExport") == "K6_SUMMARY_EXPORT");
  CHECK(setting_name(flags, "consoleOutput") == "--console-output");
}

TEST_CASE("flags of k6 that this version lacks are refused with the reason") {
  CHECK(error_of({"-p", "a.lua"}) ==
        "-p: there is no REST API in this version that could let the run go on");
  CHECK(error_of({"--traces-output=otel", "a.lua"}) ==
        "--traces-output: there are no traces in this version");
}

}  // namespace perigee
