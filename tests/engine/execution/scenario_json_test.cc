#include "engine/execution/scenario_json.h"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/execution/scenario_reader.h"

namespace perigee {
namespace {

using nlohmann::json;

// The JSON of a scenario that was read from `text`.
json read_back(const char* text) {
  return to_json(read_scenarios({{"s", json::parse(text)}}).front());
}

TEST_CASE("a scenario is written with every key that its options have") {
  CHECK(read_back(R"({"executor": "constant-vus", "duration": "90s"})") == json::parse(R"({
    "executor": "constant-vus", "vus": 1, "duration": "1m30s", "startTime": "0s",
    "gracefulStop": "30s", "exec": "default", "env": {}, "tags": {}})"));
  CHECK(read_back(R"({"executor": "ramping-arrival-rate", "preAllocatedVUs": 2, "exec": "buy",
      "stages": [{"duration": "10s", "target": 2.5}, {"duration": "500ms", "target": 10}],
      "env": {"A": "b"}, "tags": {"team": "blue"}, "startTime": "5s"})") == json::parse(R"({
    "executor": "ramping-arrival-rate", "startRate": 0, "timeUnit": "1s",
    "stages": [{"duration": "10s", "target": 2.5}, {"duration": "500ms", "target": 10}],
    "preAllocatedVUs": 2, "maxVUs": 2, "arrival": "regular", "overload": "drop", "startTime": "5s", "gracefulStop": "30s", "exec": "buy",
    "env": {"A": "b"}, "tags": {"team": "blue"}})"));
}

TEST_CASE("what was written is read as the same scenario") {
  for (const char* text :
       {R"({"executor": "constant-vus", "duration": "5s", "vus": 3})",
        R"({"executor": "ramping-vus", "stages": [{"duration": "5s", "target": 3}]})",
        R"({"executor": "shared-iterations", "vus": 3, "iterations": 7})",
        R"({"executor": "per-vu-iterations", "maxDuration": "1h"})",
        R"({"executor": "constant-arrival-rate", "rate": 0.5, "duration": "5s",
            "preAllocatedVUs": 0, "maxVUs": 9, "arrival": "poisson", "overload": "queue"})",
        R"({"executor": "ramping-arrival-rate", "startRate": 5, "timeUnit": "1m",
            "stages": [{"duration": 0, "target": 3.25}, {"duration": "1m", "target": 0}],
            "preAllocatedVUs": 4})"}) {
    CAPTURE(text);
    const json written = read_back(text);
    CHECK(to_json(read_scenarios({{"s", written}}).front()) == written);
  }
}

}  // namespace
}  // namespace perigee
