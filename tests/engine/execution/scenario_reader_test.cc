#include "engine/execution/scenario_reader.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace perigee {
namespace {

using namespace std::chrono_literals;

std::vector<Scenario> read(const char* text) {
  return read_scenarios(nlohmann::json::parse(text));
}

TEST_CASE("a scenario has k6's defaults") {
  const auto scenarios = read(R"({"a": {"executor": "constant-vus", "duration": "30s"},
               "b": {"executor": "shared-iterations"},
               "c": {"executor": "per-vu-iterations"},
               "d": {"executor": "constant-arrival-rate", "rate": 200, "duration": "30s",
                     "preAllocatedVUs": 20}})");
  REQUIRE(scenarios.size() == 4);
  CHECK(scenarios[0].exec == "default");
  CHECK(scenarios[0].start_time == 0s);
  CHECK(scenarios[0].graceful_stop == 30s);
  CHECK(scenarios[0].env.empty());
  CHECK(scenarios[0].tags.empty());
  CHECK(std::get<ConstantVus>(scenarios[0].config).vus == 1);
  CHECK(std::get<SharedIterations>(scenarios[1].config).iterations == 1);
  CHECK(std::get<SharedIterations>(scenarios[1].config).max_duration == 10min);
  CHECK(std::get<PerVuIterations>(scenarios[2].config).iterations == 1);
  CHECK(std::get<PerVuIterations>(scenarios[2].config).max_duration == 10min);
  const auto& open = std::get<ConstantArrivalRate>(scenarios[3].config);
  CHECK(open.rate == 200);
  CHECK(open.time_unit == 1s);
  CHECK(open.pre_allocated_vus == 20);
  CHECK(open.max_vus == 20);
}

TEST_CASE("scenarios of a table go by their names, a list of pairs keeps its order") {
  const auto sorted = read(R"({"b": {"executor": "shared-iterations"},
                               "a": {"executor": "shared-iterations"}})");
  REQUIRE(sorted.size() == 2);
  CHECK(sorted[0].name == "a");
  const auto listed = read(R"([["b", {"executor": "shared-iterations"}],
                               ["a", {"executor": "shared-iterations"}]])");
  REQUIRE(listed.size() == 2);
  CHECK(listed[0].name == "b");
  CHECK(listed[1].name == "a");
}

TEST_CASE("every key is read") {
  const auto scenarios = read(R"({"buyer-1": {
    "executor": "constant-arrival-rate", "rate": 2.5, "timeUnit": "1m", "duration": "1h",
    "preAllocatedVUs": 3, "maxVUs": 9, "startTime": "5s", "gracefulStop": 0, "exec": "buy",
    "env": {"MODEL": "iris", "N": 4}, "tags": {"team": "blue"}}})");
  REQUIRE(scenarios.size() == 1);
  const Scenario& scenario = scenarios[0];
  CHECK(scenario.name == "buyer-1");
  CHECK(scenario.executor == "constant-arrival-rate");
  CHECK(scenario.exec == "buy");
  CHECK(scenario.start_time == 5s);
  CHECK(scenario.graceful_stop == 0s);
  CHECK(scenario.env == std::map<std::string, std::string>{{"MODEL", "iris"}, {"N", "4"}});
  CHECK(scenario.tags == std::map<std::string, std::string>{{"team", "blue"}});
  const auto& open = std::get<ConstantArrivalRate>(scenario.config);
  CHECK(open.rate == 2.5);
  CHECK(open.time_unit == 1min);
  CHECK(open.duration == 1h);
  CHECK(open.max_vus == 9);
}

TEST_CASE("scenarios are sorted by name") {
  const auto scenarios = read(R"({"b": {"executor": "per-vu-iterations"},
                                  "a": {"executor": "per-vu-iterations"}})");
  CHECK(scenarios[0].name == "a");
  CHECK(scenarios[1].name == "b");
}

TEST_CASE("an arrival rate without pre-allocated VUs may make one") {
  const auto scenarios = read(R"({"a": {"executor": "constant-arrival-rate", "rate": 1,
                                        "duration": "5s", "preAllocatedVUs": 0}})");
  CHECK(scenarios[0].planned_vus() == 0);
  CHECK(scenarios[0].max_vus() == 1);
}

TEST_CASE("ramps are read stage by stage") {
  const auto scenarios = read(R"({"rates": {"executor": "ramping-arrival-rate",
      "stages": [{"duration": "10s", "target": 2.5}, {"duration": 0, "target": 1}],
      "timeUnit": "1m", "preAllocatedVUs": 2},
    "vus": {"executor": "ramping-vus", "stages": [{"target": 4, "duration": "1m30s"}]}})");
  const auto& rates = std::get<RampingArrivalRate>(scenarios[0].config);
  CHECK(rates.start_rate == 0);
  CHECK(rates.time_unit == 1min);
  REQUIRE(rates.stages.size() == 2);
  CHECK(rates.stages[0].target == 2.5);
  CHECK(rates.stages[0].duration == 10s);
  CHECK(rates.stages[1].duration == 0s);
  CHECK(rates.max_vus == 2);
  const auto& vus = std::get<RampingVus>(scenarios[1].config);
  CHECK(vus.start_vus == 1);
  CHECK(vus.graceful_ramp_down == 30s);
  REQUIRE(vus.stages.size() == 1);
  CHECK(vus.stages[0].target == 4);
  CHECK(vus.stages[0].duration == 90s);
}

TEST_CASE("the shortcut stages is a ramp from vus, which may be none") {
  const auto ramp = [](const char* options) {
    const auto parsed = nlohmann::json::parse(options);
    return std::get<RampingVus>(shortcut_scenario(JsonReader(parsed, "options")).config);
  };
  CHECK(ramp(R"({"stages": [{"duration": "10s", "target": 5}]})").start_vus == 1);
  CHECK(ramp(R"({"stages": [{"duration": "10s", "target": 5}], "vus": 0})").start_vus == 0);
  CHECK(ramp(R"({"stages": [{"duration": "10s", "target": 5}], "vus": 7})").stages[0].target == 5);
}

}  // namespace
}  // namespace perigee
