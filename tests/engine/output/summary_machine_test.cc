#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "engine/output/summary_export.h"
#include "tests/engine/output/sample_run.h"

namespace perigee {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

json exported(SampleRun& run) {
  return json::parse(
      machine_readable_summary(run.summary(), {.script = "return {}",
                                               .version = "1.2.3",
                                               .generated_at = WallTime(1'700'000'000s) + 500ms}));
}

json values_of(const json& metrics, const std::string& name) {
  for (const json& metric : metrics) {
    if (metric["name"] == name) return metric["values"];
  }
  return nullptr;
}

TEST_CASE("it says what was run, when, and for how long") {
  SampleRun run;
  run.add("http_reqs", {}, {1});
  const json summary = exported(run);
  CHECK(summary["version"] == "1.0.0");
  CHECK(summary["metadata"]["generated_at"] == "2023-11-14T22:13:20.5Z");
  CHECK(summary["metadata"]["k6_version"] == "perigee 1.2.3");
  CHECK(summary["config"] ==
        json{{"script", "return {}"}, {"duration", 12}, {"execution", "local"}});
  CHECK_FALSE(summary["results"].contains("checks"));
}

TEST_CASE("each kind of metric has the values of the schema") {
  SampleRun run;
  run.add("tokens_out", {}, {15, 10});
  run.add("queue_depth", {}, {4, 2});
  run.add("http_req_failed", {}, {1, 0, 0, 0});
  run.add("http_req_duration", {}, {7, 7});
  run.add("group_duration", {}, {7});
  const json metrics = exported(run)["results"]["metrics"];
  CHECK(values_of(metrics, "tokens_out") == json{{"count", 25}});
  CHECK(values_of(metrics, "queue_depth") == json{{"value", 2}, {"min", 2}, {"max", 4}});
  CHECK(values_of(metrics, "http_req_failed") ==
        json{{"rate", 0.25}, {"matches", 1}, {"total", 4}});
  CHECK(values_of(metrics, "http_req_duration")["min"] == 7);
  CHECK(values_of(metrics, "http_req_duration").size() == 6);
  CHECK(values_of(metrics, "http_req_duration").contains("p95"));
  CHECK(values_of(metrics, "group_duration").is_null());
}

TEST_CASE("checks stand apart, one by one and added up") {
  SampleRun run;
  run.add("checks", {{"group", ""}, {"check", "a"}}, {1, 1, 0});
  run.add("checks", {{"group", "::g"}, {"check", "b"}}, {1});
  const json results = exported(run)["results"];
  CHECK(values_of(results["metrics"], "checks").is_null());
  const json checks = results["checks"];
  CHECK(values_of(checks["metrics"], "checks_total") == json{{"count", 4}});
  CHECK(values_of(checks["metrics"], "checks_failed") ==
        json{{"rate", 0.25}, {"matches", 1}, {"total", 4}});
  CHECK(values_of(checks["metrics"], "checks_succeeded") ==
        json{{"rate", 0.75}, {"matches", 3}, {"total", 4}});
  CHECK(checks["results"] == json{{{"name", "a"}, {"passes", 2}, {"fails", 1}},
                                  {{"name", "b"}, {"passes", 1}, {"fails", 0}}});
}

}  // namespace
}  // namespace perigee
