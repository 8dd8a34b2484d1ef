#include <string>

#include <doctest/doctest.h>

#include "tests/engine/execution/complaint.h"

namespace perigee {
namespace {

// About a scenario with these fields.
std::string about(const std::string& fields) {
  return complaint(R"({"scenarios": {"steady": {)" + fields + "}}}");
}

TEST_CASE("scenarios as a list must be pairs with names of their own") {
  CHECK(complaint(R"({"scenarios": [["a", {"executor": "constant-vus", "duration": "1s"}], 5]})") ==
        "options.scenarios: must be a table of named scenarios or a list of pairs "
        "{ \"name\", { ... } }, got 5 in the list");
  CHECK(complaint(R"({"scenarios": [["a", {"executor": "constant-vus", "duration": "1s"}],
                                    ["a", {"executor": "constant-vus", "duration": "1s"}]]})") ==
        "options.scenarios: there are two scenarios \"a\"");
}

TEST_CASE("scenarios must be a table of named ones") {
  CHECK(complaint(R"({"scenarios": {}})") ==
        "options.scenarios: must be a table of named scenarios, got {}");
  CHECK(complaint(R"({"scenarios": []})") ==
        "options.scenarios: must be a table of named scenarios, got []");
  CHECK(complaint(R"({"scenarios": {"a b": {}}})") ==
        "options.scenarios: \"a b\" is no scenario name: use letters, digits, - and _ only");
  CHECK(complaint(R"({"scenarios": {"a": 5}})") ==
        "options.scenarios.a: must be a table of named values, got 5");
}

TEST_CASE("a misspelt, missing or removed executor is refused with those there are") {
  CHECK(about("") ==
        "options.scenarios.steady.executor: is missing: there are constant-vus, ramping-vus, "
        "shared-iterations, per-vu-iterations, constant-arrival-rate, ramping-arrival-rate");
  CHECK(about(R"("executor": "constant-vu")") ==
        "options.scenarios.steady.executor: there is no executor \"constant-vu\" (did you mean "
        "\"constant-vus\"?); there are constant-vus, ramping-vus, shared-iterations, "
        "per-vu-iterations, constant-arrival-rate, ramping-arrival-rate");
  CHECK(about(R"("executor": "externally-controlled")") ==
        "options.scenarios.steady.executor: k6 has removed \"externally-controlled\" and it is not "
        "here either; there are constant-vus, ramping-vus, shared-iterations, per-vu-iterations, "
        "constant-arrival-rate, ramping-arrival-rate");
  CHECK(about(R"("executor": 5)") == "options.scenarios.steady.executor: must be a string, got 5");
}

TEST_CASE("a seed is not offered where it would be refused") {
  const std::string rate = R"("executor": "constant-arrival-rate", "rate": 1, "duration": "1s",
                              "preAllocatedVUs": 1, "sed": 1)";
  CHECK(about(rate + R"(, "arrival": "poisson")") ==
        "options.scenarios.steady: unknown key \"sed\" (did you mean \"seed\"?)");
  CHECK(about(rate) == "options.scenarios.steady: unknown key \"sed\"");
}

TEST_CASE("an executor that is refused is not offered") {
  CHECK(about(R"("executor": "externaly-controlled")")
            .starts_with("options.scenarios.steady.executor: there is no executor "
                         "\"externaly-controlled\"; there are"));
}

TEST_CASE("a misspelt key of an executor is refused with the closest one") {
  CHECK(about(R"("executor": "constant-vus", "duration": "5s", "vu": 5)") ==
        "options.scenarios.steady: unknown key \"vu\" (did you mean \"vus\"?)");
  CHECK(about(R"("executor": "constant-vus", "duration": "5s", "gracefulstop": "1s")") ==
        "options.scenarios.steady: unknown key \"gracefulstop\" (did you mean \"gracefulStop\"?)");
  CHECK(about(R"("executor": "constant-vus", "duration": "5s", "maxVUs": 5)") ==
        "options.scenarios.steady: unknown key \"maxVUs\"");
  CHECK(about(R"("executor": "shared-iterations", "rate": 5)") ==
        "options.scenarios.steady: unknown key \"rate\"");
}

TEST_CASE("what an executor needs must be there") {
  CHECK(about(R"("executor": "constant-vus")") ==
        "options.scenarios.steady.duration: is missing: say how long the VUs loop, e.g. \"30s\"");
  CHECK(about(R"("executor": "constant-arrival-rate")") ==
        "options.scenarios.steady.rate: is missing: say how many iterations start per timeUnit, "
        "e.g. 200");
  CHECK(about(R"("executor": "constant-arrival-rate", "rate": 5)") ==
        "options.scenarios.steady.duration: is missing: say how long iterations start, e.g. "
        "\"30s\"");
  CHECK(about(R"("executor": "constant-arrival-rate", "rate": 5, "duration": "5s")") ==
        "options.scenarios.steady.preAllocatedVUs: is missing: say how many VUs are made before "
        "the run starts");
}

TEST_CASE("durations of scenarios are at least a second") {
  CHECK(about(R"("executor": "constant-vus", "duration": "999ms")") ==
        "options.scenarios.steady.duration: must be at least 1s, got \"999ms\"");
  CHECK(about(R"("executor": "per-vu-iterations", "maxDuration": "500ms")") ==
        "options.scenarios.steady.maxDuration: must be at least 1s, got \"500ms\"");
  CHECK(about(R"("executor": "per-vu-iterations", "startTime": "-1s")") ==
        "options.scenarios.steady.startTime: must be at least 0s, got \"-1s\"");
  CHECK(about(R"("executor": "per-vu-iterations", "gracefulStop": "1 minute")") ==
        "options.scenarios.steady.gracefulStop: must be a duration like \"1m30s\" or a number of "
        "milliseconds, got \"1 minute\"");
}

TEST_CASE("fewer shared iterations than VUs are refused") {
  CHECK(about(R"("executor": "shared-iterations", "vus": 5, "iterations": 4)") ==
        "options.scenarios.steady.iterations: must be at least the number of VUs (5), got 4");
}

std::string about_rate(const std::string& fields) {
  return about(R"("executor": "constant-arrival-rate", "duration": "5s", )" + fields);
}

TEST_CASE("a rate of 0, below it, or beyond all sense is refused") {
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": 0)") ==
        "options.scenarios.steady.rate: must be above 0, got 0");
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": -2.5)") ==
        "options.scenarios.steady.rate: must be above 0, got -2.5");
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": "5")") ==
        "options.scenarios.steady.rate: must be a number, got \"5\"");
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": 20000, "timeUnit": "1ms")") ==
        "options.scenarios.steady.rate: is above 10 million iterations per second");
  CHECK(about_rate(R"("preAllocatedVUs": 1, "rate": 1, "timeUnit": 0)") ==
        "options.scenarios.steady.timeUnit: must be at least 1ms, got 0");
}

TEST_CASE("maxVUs below preAllocatedVUs is refused") {
  CHECK(about_rate(R"("rate": 1, "preAllocatedVUs": 10, "maxVUs": 5)") ==
        "options.scenarios.steady.maxVUs: must be at least preAllocatedVUs (10), got 5");
  CHECK(about_rate(R"("rate": 1, "preAllocatedVUs": -1)") ==
        "options.scenarios.steady.preAllocatedVUs: must be at least 0, got -1");
}

TEST_CASE("stages are checked one by one") {
  const auto vus = [](const std::string& stages) {
    return about(R"("executor": "ramping-vus", "startVUs": 0, "stages": )" + stages);
  };
  CHECK(
      about(R"("executor": "ramping-vus")") ==
      "options.scenarios.steady.stages: is missing: e.g. { { duration = \"30s\", target = 10 } }");
  CHECK(vus("[]") ==
        "options.scenarios.steady.stages: must be a list of stages, got []: e.g. { { duration = "
        "\"30s\", target = 10 } }");
  CHECK(vus(R"([{"duration": "1s", "target": 1}, {"target": 1}])") ==
        "options.scenarios.steady.stages[2].duration: is missing: say how long the way to the "
        "target takes, e.g. \"30s\"");
  CHECK(vus(R"([{"duration": "1s"}])") ==
        "options.scenarios.steady.stages[1].target: is missing: say what the stage goes to");
  CHECK(vus(R"([{"duration": "-1s", "target": 1}])") ==
        "options.scenarios.steady.stages[1].duration: must be at least 0s, got \"-1s\"");
  CHECK(vus(R"([{"duration": "1s", "target": -1}])") ==
        "options.scenarios.steady.stages[1].target: must be at least 0, got -1");
  CHECK(vus(R"([{"duration": "1s", "target": 100000001}])") ==
        "options.scenarios.steady.stages[1].target: must be at most 100000000");
  CHECK(vus(R"([{"duration": "1s", "target": 2.5}])") ==
        "options.scenarios.steady.stages[1].target: must be a whole number, got 2.5");
  CHECK(vus(R"([{"duration": "1s", "targt": 2}])") ==
        "options.scenarios.steady.stages[1]: unknown key \"targt\" (did you mean \"target\"?)");
  CHECK(vus(R"([{"duration": 0, "target": 2}])") ==
        "options.scenarios.steady.stages: last no time: give one a duration");
  CHECK(vus(R"([{"duration": "80000h", "target": 2}, {"duration": "80000h", "target": 2}])") ==
        "options.scenarios.steady.stages: must last at most 87600h together");
  CHECK(vus(R"([{"duration": "1s", "target": 0}])") ==
        "options.scenarios.steady.stages: have no VUs: startVUs or the target of a stage must be "
        "above 0");
}

TEST_CASE("a ramp of VUs checks its own keys") {
  const auto ramp = [](const std::string& fields) {
    return about(R"("executor": "ramping-vus", "stages": [{"duration": "1s", "target": 1}], )" +
                 fields);
  };
  CHECK(ramp(R"("startVUs": -1)") ==
        "options.scenarios.steady.startVUs: must be at least 0, got -1");
  CHECK(ramp(R"("gracefulRampDown": "-1s")") ==
        "options.scenarios.steady.gracefulRampDown: must be at least 0s, got \"-1s\"");
  CHECK(ramp(R"("startVus": 1)") ==
        "options.scenarios.steady: unknown key \"startVus\" (did you mean \"startVUs\"?)");
}

TEST_CASE("a ramp of the arrival rate checks rates and VUs") {
  const auto ramp = [](const std::string& fields) {
    return about(R"("executor": "ramping-arrival-rate", )" + fields);
  };
  CHECK(ramp(R"("startRate": -1)") ==
        "options.scenarios.steady.startRate: must not be negative, got -1");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": -0.5}])") ==
        "options.scenarios.steady.stages[1].target: must not be negative, got -0.5");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": 1e9}])") ==
        "options.scenarios.steady.stages[1].target: is above 10 million iterations per second");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": 0}])") ==
        "options.scenarios.steady.stages: have no rate: startRate or the target of a stage must be "
        "above 0");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": 1}])") ==
        "options.scenarios.steady.preAllocatedVUs: is missing: say how many VUs are made before "
        "the run starts");
  CHECK(ramp(R"("stages": [{"duration": "1s", "target": 1}], "preAllocatedVUs": 5, "maxVUs": 4)") ==
        "options.scenarios.steady.maxVUs: must be at least preAllocatedVUs (5), got 4");
}

TEST_CASE("how arrivals come is checked") {
  const auto open = [](const std::string& fields) {
    return about(R"("executor": "constant-arrival-rate", "rate": 5, "duration": "1s",
                    "preAllocatedVUs": 1, )" +
                 fields);
  };
  CHECK(open(R"("arrival": "random")") ==
        "options.scenarios.steady.arrival: \"random\" is neither \"regular\" nor \"poisson\"");
  CHECK(open(R"("overload": "wait")") ==
        "options.scenarios.steady.overload: \"wait\" is neither \"drop\" nor \"queue\"");
  CHECK(open(R"("seed": 5)") ==
        "options.scenarios.steady.seed: is for arrival = \"poisson\"; regular arrivals are the "
        "same in every run");
  CHECK(open(R"("arrival": "poisson", "seed": -5)") ==
        "options.scenarios.steady.seed: must be at least 0, got -5");
  CHECK(open(R"("arrival": "poisson", "seed": 5, "overload": "queue")").empty());
}

TEST_CASE("segments of a test with random arrivals need its seed") {
  const auto segment = [](const std::string& fields) {
    return complaint(R"({"executionSegment": "1/2", "scenarios": {"open": {"executor":
        "constant-arrival-rate", "rate": 5, "duration": "1s", "preAllocatedVUs": 1, "arrival":
        "poisson")" + fields +
                     "}}}");
  };
  CHECK(segment("") ==
        "options.scenarios.open.seed: is missing: instances that run segments of one test need the "
        "same, e.g. 42");
  CHECK(segment(R"(, "seed": 42)").empty());
}

}  // namespace
}  // namespace perigee
