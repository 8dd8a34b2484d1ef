#include "engine/output/summary.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/sample_run.h"

namespace perigee {
namespace {

// Without those that are always there.
std::vector<std::string> names_of(const Summary& summary) {
  std::vector<std::string> names;
  for (const SummaryMetric& metric : summary.metrics) {
    if (!is_always_shown(metric.name)) names.push_back(metric.name);
  }
  return names;
}

TEST_CASE("metrics with samples are there, sorted, each before its parts") {
  SampleRun run;
  run.add("http_reqs", {{"scenario", "a"}}, {1});
  run.add("http_req_duration", {{"expected_response", "true"}}, {1});
  const Summary summary = run.summary();
  CHECK(names_of(summary) == std::vector<std::string>{"http_req_duration",
                                                      "http_req_duration{expected_response:true}",
                                                      "http_reqs"});
  const SummaryMetric& part = *summary.find("http_req_duration{expected_response:true}");
  CHECK(part.parent == "http_req_duration");
  CHECK(part.suffix == "expected_response:true");
  CHECK_FALSE(summary.find("http_req_duration")->is_submetric());
}

TEST_CASE("a metric with thresholds is there without samples, and so is the whole of its part") {
  SampleRun run;
  run.threshold("http_reqs{scenario:a}", {"count>0"});
  run.threshold("queue_depth", {});
  const Summary summary = run.summary();
  CHECK(names_of(summary) ==
        std::vector<std::string>{"http_reqs", "http_reqs{scenario:a}", "queue_depth"});
  CHECK(summary.find("http_reqs")->value("count") == 0);
}

TEST_CASE("iterations, their durations and the traffic are there, whatever was measured") {
  SampleRun run;
  const Summary summary = run.summary();
  std::vector<std::string> names;
  for (const SummaryMetric& metric : summary.metrics)
    names.push_back(metric.name);
  CHECK(names ==
        std::vector<std::string>{"data_received", "data_sent", "iteration_duration", "iterations"});
  CHECK(summary.find("iteration_duration")->no_samples);
  CHECK(summary.find("iteration_duration")->value("p(95)") == 0);
  CHECK(summary.find("data_sent")->value("count") == 0);
}

TEST_CASE("what was not measured is known as such, and warned of with what could be meant") {
  SampleRun run;
  run.add("http_req_duration", {{"status", "200"}}, {1});
  run.threshold("http_req_duration{staus:200}", {"p(95)<1"});
  run.threshold("http_req_duration{status:200}", {"p(95)<2"});
  run.threshold("http_req_failed", {"rate>0.9"});
  run.threshold("queue_depth", {});
  run.threshold("dropped_iterations", {"count<5"});
  run.threshold("tokens_out", {"count<5"});
  const Summary summary = run.summary();
  CHECK(summary.find("http_req_duration{staus:200}")->no_samples);
  CHECK_FALSE(summary.find("http_req_duration{staus:200}")->thresholds[0].observed.has_value());
  CHECK_FALSE(summary.find("http_req_duration{status:200}")->no_samples);
  CHECK(summary.find("dropped_iterations")->thresholds[0].observed == 0);
  CHECK_FALSE(summary.thresholds_failed());
  CHECK(summary.warnings ==
        std::vector<std::string>{
            "Nothing was measured for http_req_duration{staus:200}: no sample of "
            "http_req_duration has the tag \"staus\" (did you mean \"status\"?).",
            "Nothing was measured for http_req_failed: there is no sample of http_req_failed.",
            "Nothing was measured for queue_depth: there is no sample of queue_depth.",
            "Thresholds without samples have passed; with --threshold-no-samples fail they "
            "fail."});
}

TEST_CASE("each metric has the verdicts of its own thresholds") {
  SampleRun run;
  run.add("http_reqs", {{"scenario", "a"}}, {1, 1});
  run.threshold("http_reqs", {"count>1", "count>2"});
  run.threshold("http_reqs{scenario:b}", {"rate==0"});
  const Summary summary = run.summary();
  const SummaryMetric& whole = *summary.find("http_reqs");
  REQUIRE(whole.thresholds.size() == 2);
  CHECK(whole.thresholds[0].ok);
  CHECK(whole.thresholds[0].observed == 2);
  CHECK(whole.thresholds[1].source == "count>2");
  CHECK_FALSE(whole.thresholds[1].ok);
  CHECK(summary.find("http_reqs{scenario:b}")->thresholds[0].ok);
  CHECK(summary.thresholds_failed());
  CHECK(summary.find("http_reqs{scenario:c}") == nullptr);
}

TEST_CASE("groups lie in each other as their paths say, with their checks") {
  SampleRun run;
  run.add("checks", {{"group", "::login::token"}, {"check", "has a token"}}, {1, 0});
  run.add("group_duration", {{"group", "::empty"}}, {5});
  const SummaryGroup root = run.summary().root;
  CHECK(root.path == "");
  REQUIRE(root.groups.size() == 2);
  CHECK(root.groups[0].name == "login");
  CHECK(root.groups[0].path == "::login");
  CHECK(root.groups[1].name == "empty");
  const SummaryGroup& token = root.groups[0].groups.at(0);
  CHECK(token.path == "::login::token");
  CHECK(token.checks.at(0).path == "::login::token::has a token");
  CHECK(token.checks.at(0).passes == 1);
  CHECK(token.checks.at(0).fails == 1);
}

TEST_CASE("setup and teardown are groups only where they have checks") {
  SampleRun run;
  for (const char* function : {"::setup", "::teardown"})
    run.add("http_reqs", {{"group", function}}, {1});
  run.add("checks", {{"group", "::teardown"}, {"check", "is gone"}}, {1});
  const SummaryGroup root = run.summary().root;
  REQUIRE(root.groups.size() == 1);
  CHECK(root.groups[0].name == "teardown");
}

TEST_CASE("trend statistics are k6's and can be chosen") {
  CHECK(default_trend_stats().size() == 6);
  const std::vector<Aggregate> stats = parse_trend_stats("avg,count,p(99.9)");
  REQUIRE(stats.size() == 3);
  CHECK(stats[1].kind == Aggregate::Kind::kCount);
  CHECK(stats[2].percentile == 99.9);
}

TEST_CASE("an unknown trend statistic is an error that says what there is") {
  CHECK_THROWS_WITH_AS(parse_trend_stats("avg,medd"),
                       "trend statistic \"medd\" is not known (did you mean \"med\"?), use avg, "
                       "min, med, max, count or p(N) with N from 0 to 100",
                       ConfigError);
  CHECK_THROWS_AS(parse_trend_stats("rate"), ConfigError);
  CHECK_THROWS_AS(parse_trend_stats("avg,"), ConfigError);
  CHECK_THROWS_AS(parse_trend_stats(""), ConfigError);
}

}  // namespace
}  // namespace perigee
