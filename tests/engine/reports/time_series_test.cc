// The course of a run in a bounded number of steps.
#include "engine/reports/time_series.h"

#include <string>

#include <doctest/doctest.h>

#include "tests/engine/reports/sample_run.h"

namespace perigee::reports {
namespace {

uint64_t requests_in(const TimeStep& step, MetricId metric) {
  const Sink* sink = step.find(metric);
  return sink == nullptr ? 0 : sink->samples();
}

}  // namespace

TEST_CASE("each second is a step with its totals, VUs and statuses") {
  SampleRun run;
  run.request("a", 200, 5);
  run.request("b", 503, 7);
  run.tick(seconds(1), 3);
  run.request("a", 200, 9);
  run.tick(seconds(1), 4);
  const Report report = run.report();
  REQUIRE(report.steps.size() == 2);
  const MetricId requests = run.metrics().requests;
  CHECK(requests_in(report.steps[0], requests) == 2);
  CHECK(report.steps[0].vus == 3);
  CHECK(report.steps[0].statuses == std::map<std::string, uint64_t>{{"200", 1}, {"503", 1}});
  CHECK(report.steps[0].find(run.metrics().duration)->trend().max() == 7);
  CHECK(requests_in(report.steps[1], requests) == 1);
  CHECK(report.steps[1].from == seconds(1));
  CHECK(report.steps[1].to == seconds(2));
  CHECK(report.steps[1].find(run.metrics().calls) == nullptr);
}

TEST_CASE("what the ends of load and run leave over belongs to the last step") {
  SampleRun run;
  run.request("a", 200, 5);
  run.tick(seconds(1), 2);
  run.request("a", 200, 5);
  run.tick(milliseconds(30), 2, /*loading=*/false);
  const Report report = run.report();
  REQUIRE(report.steps.size() == 1);
  CHECK(report.steps[0].to == milliseconds(1030));
  CHECK(report.steps[0].vus == 2);
  CHECK(requests_in(report.steps[0], run.metrics().requests) == 2);
}

TEST_CASE("a run of eight hours has at most 3600 steps, which add up to the whole") {
  SampleRun run;
  constexpr int kSeconds = 8 * 3600;
  for (int second = 0; second < kSeconds; ++second) {
    run.request("a", second % 100 == 0 ? 500 : 200, 1 + second % 7);
    run.tick(seconds(1), second < kSeconds / 2 ? 5 : 9);
  }
  const Report report = run.report();
  CHECK(report.steps.size() <= kMaxSteps);
  CHECK(report.steps.size() > kMaxSteps / 2 - 1);
  uint64_t requests = 0;
  uint64_t failures = 0;
  Duration until{};
  for (const TimeStep& step : report.steps) {
    CHECK(step.from == until);
    until = step.to;
    requests += requests_in(step, run.metrics().requests);
    const auto failed = step.statuses.find("500");
    failures += failed == step.statuses.end() ? 0 : failed->second;
  }
  CHECK(until == seconds(kSeconds));
  CHECK(requests == kSeconds);
  CHECK(failures == kSeconds / 100);
  CHECK(report.steps.front().vus == 5);
  CHECK(report.max_vus() == 9);
}

TEST_CASE("statuses past a number are counted together") {
  SampleRun run;
  for (int status = 200; status < 260; ++status)
    run.request("a", status, 1);
  run.tick();
  const Report report = run.report();
  const auto& statuses = report.steps.front().statuses;
  CHECK(statuses.size() == kMaxStatuses + 1);
  CHECK(statuses.at(std::string(kOtherStatuses)) == 60 - kMaxStatuses);
}

TEST_CASE("durations of requests are kept by name, those past a number together") {
  SampleRun run;
  for (int second = 0; second < 2; ++second) {
    for (int i = 0; i < 20; ++i)
      run.request("name " + std::to_string(i), 200, i + 1);
    run.tick();
  }
  const Report report = run.report();
  for (const TimeStep& step : report.steps) {
    CHECK(step.names.size() == kMaxNames + 1);
    CHECK(step.names.at("name 0").max() == 1);
    CHECK(step.names.at(std::string(kOtherNames)).count() == 20 - kMaxNames);
  }
  CHECK(coarsened(report.steps, 1).front().names.at("name 7").count() == 2);
}

TEST_CASE("coarser steps keep the order and the counts") {
  SampleRun run;
  for (int i = 0; i < 10; ++i) {
    run.request("a", 200, i);
    run.tick(seconds(1), i);
  }
  const std::vector<TimeStep> steps = coarsened(run.report().steps, 4);
  REQUIRE(steps.size() == 4);
  CHECK(steps[0].to == seconds(3));
  CHECK(steps[0].vus == 2);
  CHECK(steps[0].find(run.metrics().duration)->trend().max() == 2);
  CHECK(steps[3].from == seconds(9));
  CHECK(requests_in(steps[3], run.metrics().requests) == 1);
}

}  // namespace perigee::reports
