#include "engine/metrics/aggregator.h"

#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

Instant at(int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

struct Fixture {
  void add(Aggregator& aggregator, const std::string& metric, const TagSet& tags,
           const std::vector<double>& values) {
    MetricShard shard(registry);
    const SeriesId series = shard.series(registry.find(metric)->id, shard.tags().intern(tags));
    for (double value : values)
      shard.add(series, value, at(1));
    aggregator.add(shard.take(at(0), at(1)));
  }

  ThresholdSet thresholds(const std::string& selector, Threshold threshold) const {
    return ThresholdSet({{selector, {std::move(threshold)}}}, registry);
  }

  MetricRegistry registry;
  BuiltinMetrics builtin = declare_builtins(registry);
  MetricId duration = registry.add("http_req_duration", MetricKind::kTrend, ValueKind::kTime);
};

Snapshot vus(uint32_t worker, int64_t active, int64_t initialized, bool last = false) {
  return {.worker = worker,
          .from = at(0),
          .to = at(1),
          .vus_active = active,
          .vus_initialized = initialized,
          .last = last};
}

TEST_CASE_FIXTURE(Fixture, "totals add up over workers, tags and time") {
  Aggregator aggregator(registry, {});
  add(aggregator, "iterations", {{"scenario", "a"}}, {1, 1});
  add(aggregator, "iterations", {{"scenario", "b"}}, {1});
  add(aggregator, "iterations", {{"scenario", "a"}}, {1});
  REQUIRE(aggregator.total(builtin.iterations) != nullptr);
  CHECK(aggregator.total(builtin.iterations)->counter().sum == 4);
  CHECK(aggregator.total(builtin.checks) == nullptr);
  REQUIRE(aggregator.series().size() == 2);
  CHECK(*aggregator.series()[0].tags == TagSet{{"scenario", "a"}});
  CHECK(aggregator.series()[0].sink.counter().sum == 3);
  CHECK(aggregator.series()[1].sink.counter().sum == 1);
}

TEST_CASE_FIXTURE(Fixture, "metrics are kept in the order in which they were first seen") {
  Aggregator aggregator(registry, {});
  add(aggregator, "iterations", {}, {1});
  add(aggregator, "checks", {}, {1});
  add(aggregator, "iterations", {}, {1});
  CHECK(aggregator.seen() == std::vector<MetricId>{builtin.iterations, builtin.checks});
}

TEST_CASE_FIXTURE(Fixture, "expected responses have a submetric without being asked for") {
  Aggregator aggregator(registry, {});
  add(aggregator, "http_req_duration", {{"expected_response", "true"}}, {10});
  add(aggregator, "http_req_duration", {{"expected_response", "false"}}, {900});
  REQUIRE(aggregator.submetrics().size() == 1);
  CHECK(aggregator.submetrics()[0].selector.text == "http_req_duration{expected_response:true}");
  CHECK(aggregator.submetrics()[0].sink.trend().max() == 10);
  CHECK(aggregator.total(duration)->trend().max() == 900);
}

TEST_CASE_FIXTURE(Fixture, "a run without HTTP has no submetric of it") {
  MetricRegistry plain;
  declare_builtins(plain);
  CHECK(Aggregator(plain, {}).submetrics().empty());
}

TEST_CASE_FIXTURE(Fixture, "a threshold's submetric takes the samples with all its tags") {
  Aggregator aggregator(
      registry, thresholds("http_req_duration{scenario:a,method:GET}", parse_threshold("max<100")));
  add(aggregator, "http_req_duration", {{"scenario", "a"}, {"method", "GET"}}, {50});
  add(aggregator, "http_req_duration", {{"scenario", "a"}, {"method", "POST"}}, {500});
  const ThresholdReport report = aggregator.evaluate_thresholds(1, 1s, true);
  REQUIRE(report.verdicts.size() == 1);
  CHECK(report.verdicts[0].selector == "http_req_duration{scenario:a,method:GET}");
  CHECK(report.verdicts[0].observed == 50);
  CHECK(report.verdicts[0].ok);
  CHECK_FALSE(report.failed);
}

TEST_CASE_FIXTURE(Fixture, "a threshold without samples is judged at the end only, by zero") {
  const Aggregator aggregator(registry, thresholds("iterations", parse_threshold("count>0")));
  CHECK_FALSE(aggregator.evaluate_thresholds(1, 1s, false).failed);
  const ThresholdReport final = aggregator.evaluate_thresholds(1, 1s, true);
  CHECK(final.failed);
  CHECK_FALSE(final.verdicts[0].ok);
  CHECK_FALSE(final.verdicts[0].observed.has_value());
  const Aggregator other(registry, thresholds("iterations", parse_threshold("count<1")));
  CHECK_FALSE(other.evaluate_thresholds(1, 1s, true).failed);
}

TEST_CASE_FIXTURE(Fixture, "a rate without samples holds, whatever is asked of it") {
  for (const char* expression : {"rate>0.99", "rate<0.01", "rate==1"}) {
    const Aggregator aggregator(registry, thresholds("checks", parse_threshold(expression)));
    const ThresholdReport report = aggregator.evaluate_thresholds(1, 1s, true);
    CHECK(report.verdicts[0].ok);
    CHECK_FALSE(report.verdicts[0].observed.has_value());
    CHECK_FALSE(report.failed);
  }
}

TEST_CASE_FIXTURE(Fixture, "thresholds without samples can be made to fail, at the end only") {
  for (const auto& [selector, expression] : {std::pair{"iterations", "count<1"},
                                             {"checks", "rate>0"},
                                             {"checks{check:x}", "rate<1"},
                                             {"vus", "value<1"},
                                             {"http_req_duration", "p(95)<1"}}) {
    const std::string text = selector;
    INFO(text);
    const Aggregator aggregator(registry, ThresholdSet({{selector, {parse_threshold(expression)}}},
                                                       registry, NoSamples::kFail));
    CHECK_FALSE(aggregator.evaluate_thresholds(1, 1s, false).failed);
    const ThresholdReport report = aggregator.evaluate_thresholds(1, 1s, true);
    CHECK(report.failed);
    CHECK_FALSE(report.verdicts[0].ok);
  }
}

TEST_CASE_FIXTURE(Fixture, "of counters of what goes wrong, no sample is the figure 0") {
  const auto judge = [&](const char* selector) {
    Aggregator aggregator(registry, ThresholdSet({{selector, {parse_threshold("count==0")}}},
                                                 registry, NoSamples::kFail));
    add(aggregator, "iterations", {{"scenario", "steady"}}, {1});
    return aggregator.evaluate_thresholds(1, 1s, true).verdicts[0];
  };
  CHECK(judge("iteration_errors").ok);
  CHECK(judge("iteration_errors").observed == 0);
  CHECK(judge("dropped_iterations{scenario:steady}").ok);
  // A misspelt tag has no figure.
  CHECK_FALSE(judge("dropped_iterations{scenario:stedy}").ok);
  CHECK_FALSE(judge("dropped_iterations{scenario:stedy}").observed.has_value());
}

TEST_CASE_FIXTURE(Fixture, "a counter's rate is per second of the load phase") {
  Aggregator aggregator(registry, thresholds("iterations", parse_threshold("rate>=2")));
  add(aggregator, "iterations", {}, std::vector<double>(20, 1));
  CHECK(aggregator.evaluate_thresholds(10, 60s, true).verdicts[0].observed == 2);
  CHECK_FALSE(aggregator.evaluate_thresholds(10, 60s, true).failed);
  CHECK(aggregator.evaluate_thresholds(11, 60s, true).failed);
}

TEST_CASE_FIXTURE(Fixture,
                  "only a failing threshold with abortOnFail asks for an abort, after its delay") {
  Threshold threshold = parse_threshold("rate>0.9");
  threshold.abort_on_fail = true;
  threshold.delay_abort_eval = 10s;
  Aggregator aggregator(registry, thresholds("checks", threshold));
  CHECK_FALSE(aggregator.evaluate_thresholds(20, 20s, false).abort);
  add(aggregator, "checks", {{"check", "ok"}}, {0});
  CHECK(aggregator.evaluate_thresholds(10, 10s, false).failed);
  CHECK_FALSE(aggregator.evaluate_thresholds(10, 10s, false).abort);
  CHECK(aggregator.evaluate_thresholds(11, 11s, false).abort);
  threshold.abort_on_fail = false;
  Aggregator patient(registry, thresholds("checks", threshold));
  add(patient, "checks", {{"check", "ok"}}, {0});
  CHECK_FALSE(patient.evaluate_thresholds(11, 11s, false).abort);
}

TEST_CASE_FIXTURE(Fixture, "checks are counted by group and name") {
  Aggregator aggregator(registry, {});
  add(aggregator, "checks", {{"check", "is 200"}, {"group", ""}}, {1, 0, 1});
  add(aggregator, "checks", {{"check", "is 200"}, {"group", ""}, {"scenario", "b"}}, {1});
  REQUIRE(aggregator.checks().checks().size() == 1);
  CHECK(aggregator.checks().checks()[0].passes == 3);
  CHECK(aggregator.checks().checks()[0].fails == 1);
}

TEST_CASE_FIXTURE(Fixture, "VUs are the sum over the workers' last snapshots") {
  Aggregator aggregator(registry, {});
  aggregator.add(vus(0, 3, 5));
  aggregator.add(vus(1, 4, 5));
  aggregator.tick(at(1));
  aggregator.add(vus(0, 1, 5));
  aggregator.tick(at(2));
  CHECK(aggregator.vus_active() == 5);
  CHECK(aggregator.vus_initialized() == 10);
  const GaugeReading& gauge = aggregator.total(builtin.vus)->gauge();
  CHECK(gauge.value == 5);
  CHECK(gauge.min == 5);
  CHECK(gauge.max == 7);
  CHECK(aggregator.total(builtin.vus_max)->gauge().value == 10);
}

TEST_CASE_FIXTURE(Fixture, "workers that are done do not pull the number of VUs to zero") {
  Aggregator aggregator(registry, {});
  aggregator.add(vus(0, 3, 3));
  aggregator.tick(at(1));
  aggregator.add(vus(0, 0, 3, true));
  aggregator.tick(at(2));
  CHECK(aggregator.total(builtin.vus)->gauge().value == 3);
}

class CountingTap final : public SampleTap {
 public:
  void on_tags(TagSetId, const std::shared_ptr<const TagSet>& set) override { tags = *set; }
  void on_sample(MetricId, TagSetId, double value, Instant) override { values.push_back(value); }

  TagSet tags;
  std::vector<double> values;
};

TEST_CASE_FIXTURE(Fixture, "raw outputs see the samples of VUs with the tags of the run") {
  CountingTap tap;
  Aggregator aggregator(registry, {}, {{"build", "7"}}, &tap);
  aggregator.add(vus(0, 2, 9));
  aggregator.tick(at(1));
  CHECK(tap.tags == TagSet{{"build", "7"}});
  CHECK(tap.values == std::vector<double>{2, 9});
}

TEST_CASE_FIXTURE(Fixture, "the time line has an interval for each tick") {
  Aggregator aggregator(registry, {});
  add(aggregator, "iterations", {}, {1, 1});
  aggregator.tick(at(1));
  add(aggregator, "iterations", {}, {1});
  aggregator.tick(at(2));
  const auto& intervals = aggregator.timeline().intervals();
  REQUIRE(intervals.size() == 2);
  CHECK(intervals[0].from == at(0));
  CHECK(intervals[0].totals.at(builtin.iterations).counter().sum == 2);
  CHECK(intervals[1].totals.at(builtin.iterations).counter().sum == 1);
}

TEST_CASE_FIXTURE(Fixture, "a metric another machine brought along is added up like others") {
  Aggregator aggregator(registry, {});
  MetricRegistry there;
  there.add("tokens_out", MetricKind::kCounter);
  MetricShard shard(there);
  shard.add(shard.series(0, 0), 12, at(1));
  const std::string bytes = write_snapshot(shard.take(at(0), at(1)), there);
  aggregator.add(read_snapshot(bytes, registry));
  CHECK(aggregator.total(registry.find("tokens_out")->id)->counter().sum == 12);
}

TEST_CASE_FIXTURE(Fixture, "the number of series is bounded however many workers bring new ones") {
  Aggregator aggregator(registry, {});
  for (int worker = 0; worker < 3; ++worker) {
    MetricShard shard(registry);
    for (int i = 0; i < 9'000; ++i) {
      const TagSet tags{{"url", std::to_string(worker) + "/" + std::to_string(i)}};
      shard.add(shard.series(builtin.iterations, shard.tags().intern(tags)), 1, at(1));
    }
    aggregator.add(shard.take(at(0), at(1)));
  }
  CHECK(aggregator.series().size() <= 11'001);
  CHECK(aggregator.total(builtin.iterations)->counter().sum == 27'000);
}

}  // namespace
}  // namespace perigee
