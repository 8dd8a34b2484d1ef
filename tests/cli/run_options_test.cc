// The whole matrix of what wins: file < script < environment < flags, and what wipes what.
#include "cli/run_options.h"

#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee {
namespace {

struct Places {
  std::string file = {};    // JSON
  std::string script = {};  // JSON
  Environment environment = {};
  std::vector<const char*> flags = {};
};

RunOptions assemble(const Places& places) {
  const ScratchFolder folder;
  const std::string config = folder / "config.json";
  std::ofstream(config) << (places.file.empty() ? "{}" : places.file);
  std::vector<const char*> words{"run"};
  words.insert(words.end(), places.flags.begin(), places.flags.end());
  words.insert(words.end(), {"--config", config.c_str(), "a.lua"});
  RunFlags flags;
  REQUIRE(parse_run_flags(static_cast<int>(words.size()), words.data(), places.environment, flags));
  const Script script{.path = "a.lua", .source = "", .folder = "", .env = {}, .jit = true};
  const ScriptDescription description{.options = places.script.empty() ? "{}" : places.script,
                                      .functions = {"default"}};
  return assemble_options(flags, script, description);
}

// Each scenario as it is described at the start of a run.
std::string load(const Places& places) {
  std::string text;
  for (const Scenario& scenario : assemble(places).options.scenarios) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", scenario.name, scenario.describe());
  }
  return text.substr(0, text.find(" (", 0));
}

std::vector<std::string> warnings(const Places& places) {
  return assemble(places).warnings;
}

std::string error_of(const Places& places) {
  try {
    assemble(places);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

constexpr const char* kScenarios =
    R"({"scenarios": {"steady": {"executor": "constant-vus", "vus": 3, "duration": "5s"}}})";

}  // namespace

TEST_CASE("every place wins over those below it") {
  Places places;
  const auto vus = [&] { return assemble(places).options.http.rps; };
  CHECK(vus() == 0);
  places.file = R"({"rps": 1})";
  CHECK(vus() == 1);
  places.script = R"({"rps": 2})";
  CHECK(vus() == 2);
  places.environment = {{"K6_RPS", "3"}};
  CHECK(vus() == 3);
  places.environment = {{"K6_RPS", "3"}, {"PERIGEE_RPS", "4"}};
  CHECK(vus() == 4);
  places.flags = {"--rps", "5"};
  CHECK(vus() == 5);
}

TEST_CASE("shortcuts of one place") {
  const std::vector<std::pair<std::vector<const char*>, std::string>> matrix{
      {{}, "default: 1 iterations for each of 1 VUs"},
      {{"-u", "5"}, "default: 5 iterations shared among 5 VUs"},
      {{"-d", "30s"}, "default: 1 looping VUs for 30s"},
      {{"-i", "10"}, "default: 10 iterations shared among 1 VUs"},
      {{"-u", "5", "-d", "30s"}, "default: 5 looping VUs for 30s"},
      {{"-u", "5", "-i", "10"}, "default: 10 iterations shared among 5 VUs"},
      {{"-i", "10", "-d", "30s"}, "default: 10 iterations shared among 1 VUs"},
      {{"-u", "5", "-i", "10", "-d", "30s"}, "default: 10 iterations shared among 5 VUs"}};
  for (const auto& [flags, expected] : matrix) {
    CHECK(load({.flags = flags}) == expected);
  }
}

TEST_CASE("shortcuts of the environment and of files mean the same") {
  const char* looping = "default: 5 looping VUs for 30s";
  CHECK(load({.file = R"({"vus": 5, "duration": "30s"})"}) == looping);
  CHECK(load({.script = R"({"vus": 5, "duration": "30s"})"}) == looping);
  CHECK(load({.environment = {{"K6_VUS", "5"}, {"K6_DURATION", "30s"}}}) == looping);
}

TEST_CASE("shortcuts of several places come together unless one wipes another") {
  CHECK(load({.script = R"({"vus": 5})", .flags = {"-d", "30s"}}) ==
        "default: 5 looping VUs for 30s");
  CHECK(load({.script = R"({"duration": "30s"})", .flags = {"-u", "5"}}) ==
        "default: 5 looping VUs for 30s");
  CHECK(load({.script = R"({"vus": 5, "duration": "30s"})", .flags = {"-i", "10"}}) ==
        "default: 10 iterations shared among 5 VUs");
  CHECK(load({.script = R"({"vus": 5, "iterations": 30})", .flags = {"-d", "10s"}}) ==
        "default: 5 looping VUs for 10s");
  CHECK(load({.file = R"({"duration": "1m"})", .script = R"({"iterations": 3})"}) ==
        "default: 3 iterations shared among 1 VUs");
  CHECK(load({.environment = {{"K6_ITERATIONS", "9"}}, .flags = {"-d", "10s"}}) ==
        "default: 1 looping VUs for 10s");
}

TEST_CASE("scenarios are wiped by the load of a higher place, with a warning") {
  const std::vector<std::pair<std::vector<const char*>, std::string>> matrix{
      {{"-u", "5"}, "--vus"}, {{"-d", "30s"}, "--duration"}, {{"-i", "10"}, "--iterations"}};
  for (const auto& [flags, name] : matrix) {
    CHECK(load({.script = kScenarios, .flags = flags}).starts_with("default: "));
    CHECK(warnings({.script = kScenarios, .flags = flags}) ==
          std::vector<std::string>{"a.lua: options.scenarios: replaced by " + name});
  }
  CHECK(warnings({.script = kScenarios, .environment = {{"K6_DURATION", "1s"}}}) ==
        std::vector<std::string>{"a.lua: options.scenarios: replaced by K6_DURATION"});
  CHECK(load({.script = R"({"duration": "30s"})",
              .environment = {{"K6_SCENARIOS",
                               R"({"b": {"executor": "constant-vus", "duration": "2s"}})"}}}) ==
        "b: 1 looping VUs for 2s");
}

TEST_CASE("what is no load leaves scenarios alone") {
  const Places places{.script = kScenarios, .flags = {"--rps", "5", "--no-setup"}};
  CHECK(load(places) == "steady: 3 looping VUs for 5s");
  CHECK(warnings(places).empty());
}

TEST_CASE("two loads of one place are an error, also where a higher place sets other things") {
  CHECK(error_of({.script = R"({"duration": "1s", "scenarios": {"a": {}}})"}) ==
        "a.lua: options.duration and scenarios can't be set together; keep one of them");
  CHECK(error_of({.environment = {{"K6_STAGES", "1s:1"}, {"PERIGEE_ITERATIONS", "1"}}}) ==
        "PERIGEE_ITERATIONS and K6_STAGES can't be set together; keep one of them");
  CHECK(error_of({.flags = {"-s", "1s:1", "-d", "1s"}}) ==
        "--duration and --stage can't be set together; keep one of them");
  CHECK(error_of({.script = R"({"duration": "1s", "stages": []})", .flags = {"--rps", "5"}}) ==
        "a.lua: options.duration and stages can't be set together; keep one of them");
}

TEST_CASE("two loads of one place may contradict each other if a higher place wipes both") {
  CHECK(load({.script = R"({"duration": "1s", "stages": []})", .flags = {"-i", "5"}}) ==
        "default: 5 iterations shared among 1 VUs");
}

TEST_CASE("tags and outputs of a higher place replace those below") {
  const Options options = assemble({.file = R"({"out": ["csv=file"]})",
                                    .script = R"({"tags": {"a": "1", "b": "2"}})",
                                    .environment = {{"K6_OUT", "csv=x,csv=y"}},
                                    .flags = {"--tag", "c=3"}})
                              .options;
  CHECK(options.tags == std::map<std::string, std::string>{{"c", "3"}});
  CHECK(options.outputs == std::vector<std::string>{"csv=x", "csv=y"});
}

TEST_CASE("what is wrong is called by the place that sets it") {
  CHECK(error_of({.script = R"({"rps": 5, "vus": -1})"}) ==
        "a.lua: options.vus: must be at least 1, got -1");
  CHECK(error_of({.environment = {{"K6_SETUP_TIMEOUT", "-5s"}}}) ==
        "K6_SETUP_TIMEOUT: must be at least 1ms, got \"-5s\"");
  CHECK(error_of({.flags = {"--blacklist-ip", "x"}})
            .starts_with("--blacklist-ip: \"x\" is no range of IP addresses"));
  CHECK(error_of({.file = R"({"vuss": 1})"})
            .ends_with("config.json: vuss: there is no such option (did you mean \"vus\"?)"));
  CHECK(
      error_of({.script = R"({"vus": 5})", .flags = {"-i", "2"}}) ==
      "--iterations: must be at least the number of VUs (5), got 2; set fewer VUs, too, e.g. -u 2");
}

TEST_CASE("what does nothing is told by the place that sets it") {
  CHECK(warnings({.environment = {{"K6_METRIC_SAMPLES_BUFFER_SIZE", "5"}}}) ==
        std::vector<std::string>{"K6_METRIC_SAMPLES_BUFFER_SIZE: samples are added up where they "
                                 "are made; there is no such buffer"});
}

TEST_CASE("a scenario's function must be there") {
  CHECK(error_of({.script = R"({"scenarios": {"a": {"executor": "per-vu-iterations",
                                                     "exec": "defaul"}}})"}) ==
        "a.lua: scenario a runs the function \"defaul\", which the script's table does not have "
        "(did you mean \"default\"?)");
}

}  // namespace perigee
