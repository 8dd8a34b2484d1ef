// Comparisons of runs whose differences are known.
#include <cmath>
#include <random>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "engine/compare/comparison.h"
#include "engine/compare/comparison_report.h"
#include "engine/compare/fail_condition.h"

namespace perigee::compare {
namespace {

using std::chrono::seconds;

struct Metrics {
  MetricRegistry registry;
  MetricId requests = registry.add("http_reqs", MetricKind::kCounter);
  MetricId duration = registry.add("http_req_duration", MetricKind::kTrend, ValueKind::kTime);
  MetricId failed = registry.add("http_req_failed", MetricKind::kRate);
  MetricId size = registry.add("size", MetricKind::kTrend);
};

// What a run is made of: requests a second of lognormal latency, whose level wanders from second to
// second as that of real systems does.
struct Shape {
  int seconds = 300;
  double latency = 20;
  int rate = 50;
  double failed = 0.01;
  double wander = 0.02;
};

ComparedRun make_run(const Metrics& metrics, const Shape& shape, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  ComparedRun run{.name = "run " + std::to_string(seed), .steps = {}};
  double level = 0;
  for (int second = 0; second < shape.seconds; ++second) {
    reports::TimeStep step{.from = seconds(second), .to = seconds(second + 1), .loading = true};
    level = 0.6 * level + shape.wander * normal(random);
    Sink requests(MetricKind::kCounter);
    Sink duration(MetricKind::kTrend);
    Sink failed(MetricKind::kRate);
    const auto count = static_cast<int>(std::lround(shape.rate + 2 * normal(random)));
    for (int i = 0; i < count; ++i) {
      requests.add(1, {});
      duration.add(shape.latency * std::exp(level + 0.3 * normal(random)), {});
      failed.add(uniform(random) < shape.failed ? 1 : 0, {});
    }
    step.totals = {
        {metrics.requests, requests}, {metrics.duration, duration}, {metrics.failed, failed}};
    run.steps.push_back(std::move(step));
  }
  return run;
}

Comparison compare_shapes(const Shape& base, const Shape& now, uint64_t seed = 1) {
  const Metrics metrics;
  return compare({make_run(metrics, base, seed)}, {make_run(metrics, now, seed + 100'000)},
                 metrics.registry);
}

bool is_called_different(const Comparison& comparison) {
  return conclusion_of(comparison) != "no difference seen";
}

std::string error_of(std::string_view condition) {
  const Metrics metrics;
  try {
    parse_fail_condition(condition, metrics.registry);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("of 200 pairs of equal runs at most 10 are called different") {
  for (const Shape& shape : {Shape{.seconds = 120, .rate = 20}, Shape{.seconds = 60, .rate = 20}}) {
    int different = 0;
    for (uint64_t seed = 1; seed <= 200; ++seed)
      different += is_called_different(compare_shapes(shape, shape, seed)) ? 1 : 0;
    CAPTURE(shape.seconds);
    CHECK(different <= 10);
  }
}

TEST_CASE("a shift of 5 % in 5 minutes is found in 9 of 10") {
  int found = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const Comparison comparison = compare_shapes({}, {.latency = 21}, seed);
    const Figure* p95 = comparison.find("http_req_duration", "p(95)");
    REQUIRE(p95 != nullptr);
    found += p95->verdict == Verdict::kWorse ? 1 : 0;
    CHECK(*p95->change() == doctest::Approx(0.05).epsilon(0.6));
  }
  CHECK(found >= 18);
}

TEST_CASE("a run is no different from itself, and the verdict is the same each time") {
  const Metrics metrics;
  const ComparedRun run = make_run(metrics, {}, 7);
  const Comparison itself = compare({run}, {run}, metrics.registry);
  CHECK(conclusion_of(itself) == "no difference seen");
  CHECK(*itself.find("http_reqs", "rate")->change() == 0);
  const Comparison first = compare_shapes({}, {.latency = 20.4});
  const Comparison second = compare_shapes({}, {.latency = 20.4});
  CHECK(comparison_json(first, {}) == comparison_json(second, {}));
}

TEST_CASE("less of a rate is worse and more of failures, too") {
  const Comparison comparison = compare_shapes({}, {.rate = 40, .failed = 0.05});
  CHECK(comparison.find("http_reqs", "rate")->verdict == Verdict::kWorse);
  CHECK(comparison.find("http_req_failed", "rate")->verdict == Verdict::kWorse);
  CHECK(comparison.find("http_req_duration", "med")->verdict == Verdict::kNoDifference);
  CHECK(comparison.find("http_req_duration", "nothing") == nullptr);
}

TEST_CASE("below a minute it is too short to say") {
  const Comparison comparison = compare_shapes({.seconds = 30}, {.seconds = 300, .latency = 40});
  CHECK(comparison.too_short);
  CHECK(conclusion_of(comparison) == "too short to say");
  CHECK(comparison.find("http_req_duration", "avg")->verdict == Verdict::kTooShort);
  CHECK(*comparison.find("http_req_duration", "avg")->change() == doctest::Approx(1).epsilon(0.1));
}

TEST_CASE("three runs of each are judged by how much runs differ") {
  const Metrics metrics;
  const auto runs = [&](std::initializer_list<double> latencies, uint64_t seed) {
    std::vector<ComparedRun> made;
    for (const double latency : latencies)
      made.push_back(make_run(metrics, {.seconds = 60, .latency = latency}, ++seed));
    return made;
  };
  // Each run by itself differs from all others, as the seconds within them say.
  const Comparison alike = compare(runs({20, 22, 24}, 1), runs({21, 23, 25}, 50), metrics.registry);
  CHECK(alike.over_runs);
  CHECK(alike.find("http_req_duration", "avg")->verdict == Verdict::kNoDifference);
  const Comparison apart =
      compare(runs({20, 20.1, 20.2, 20}, 1), runs({30, 30.1, 29.9, 30}, 50), metrics.registry);
  CHECK(apart.find("http_req_duration", "avg")->verdict == Verdict::kWorse);
  const Comparison two = compare(runs({20, 22}, 1), runs({21, 23}, 50), metrics.registry);
  CHECK_FALSE(two.over_runs);
}

TEST_CASE("a metric of one side only is named as such") {
  const Metrics metrics;
  ComparedRun with = make_run(metrics, {.seconds = 60}, 1);
  const ComparedRun without = with;
  Sink size(MetricKind::kTrend);
  size.add(3, {});
  with.steps.front().totals.emplace(metrics.size, size);
  const Comparison comparison = compare({without}, {with}, metrics.registry);
  CHECK(comparison.find("size", "avg")->verdict == Verdict::kOnlyNew);
  CHECK(conclusion_of(comparison) == "no difference seen");
  CHECK(has(comparison_text(comparison, {}), "only in new"));
}

TEST_CASE("percentiles of sums are those of all values") {
  const Metrics metrics;
  const ComparedRun run = make_run(metrics, {.seconds = 20, .rate = 200}, 3);
  Histogram all;
  for (const reports::TimeStep& step : run.steps)
    all.merge(step.find(metrics.duration)->trend());
  const FigureSeries series(metrics.registry.at(metrics.duration), run.steps,
                            buckets_of(metrics.duration, run.steps));
  const std::vector<double> figures = series.figures_of(series.total());
  CHECK(figures[0] == doctest::Approx(all.avg()));
  CHECK(figures[1] == doctest::Approx(all.percentile(50)).epsilon(0.01));
  CHECK(figures[2] == doctest::Approx(all.percentile(95)).epsilon(0.01));
  CHECK(figures[3] == doctest::Approx(all.percentile(99)).epsilon(0.02));
}

TEST_CASE("zeros and negative values have percentiles, too") {
  MetricRegistry registry;
  const MetricId metric = registry.add("size", MetricKind::kTrend);
  Sink sink(MetricKind::kTrend);
  for (const double value : {-4.0, -2.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 3.0, 9.0})
    sink.add(value, {});
  reports::TimeStep step{.to = seconds(1), .loading = true};
  step.totals.emplace(metric, sink);
  const FigureSeries series(registry.at(metric), {step}, buckets_of(metric, {step}));
  const std::vector<double> figures = series.figures_of(series.total());
  CHECK(figures[0] == doctest::Approx(0.6));
  CHECK(figures[1] == 0);
  CHECK(figures[2] == doctest::Approx(9).epsilon(0.02));
}

TEST_CASE("Student's quantiles are those of tables") {
  CHECK(student_quantile(0.025, 1e9) == doctest::Approx(1.95996).epsilon(0.0001));
  CHECK(student_quantile(0.025, 10) == doctest::Approx(2.2281).epsilon(0.001));
  CHECK(student_quantile(0.001, 10) == doctest::Approx(4.1437).epsilon(0.01));
}

TEST_CASE("conditions are met by changes that are large enough and no chance") {
  const Metrics metrics;
  const auto is_met_by = [&](std::string_view source, const Comparison& comparison) {
    return is_met(parse_fail_condition(source, metrics.registry), comparison);
  };
  const Comparison slower = compare_shapes({}, {.latency = 22});
  CHECK(is_met_by("http_req_duration p(95) worse by 5%", slower));
  CHECK(is_met_by("http_req_duration  avg  higher by 5", slower));
  CHECK_FALSE(is_met_by("http_req_duration p(95) worse by 20%", slower));
  CHECK_FALSE(is_met_by("http_req_duration med lower by 0%", slower));
  CHECK_FALSE(is_met_by("http_reqs worse by 0%", slower));
  CHECK(is_met_by("http_reqs rate worse by 10%", compare_shapes({}, {.rate = 40})));
  CHECK(is_met_by("http_req_failed worse by 50%", compare_shapes({.failed = 0}, {.failed = 0.1})));
  const Comparison brief = compare_shapes({.seconds = 3}, {.seconds = 3, .latency = 40});
  CHECK(is_met_by("http_req_duration p(50) worse by 5%", brief));
}

TEST_CASE("conditions that can't be judged say why") {
  CHECK(has(error_of("http_req_duration p(95) worse"), "METRIC STATISTIC worse by N%"));
  CHECK(has(error_of("http_req_duraton p(95) worse by 5%"), "did you mean \"http_req_duration\"?"));
  CHECK(has(error_of("http_req_duration p(42) worse by 5%"), "there are avg, med, p(95), p(99)"));
  CHECK(has(error_of("http_req_duration worse by 5%"), "there are avg, med, p(95), p(99)"));
  CHECK(has(error_of("http_req_duration avg slower by 5%"), "higher and lower"));
  CHECK(has(error_of("http_req_duration avg worse by much"), "as a percentage"));
  CHECK(has(error_of("size avg worse by 5%"), "write higher or lower"));
  CHECK(has(error_of("http_reqs{name:a} rate worse by 5%"),
            "nothing was measured for http_reqs{name:a}"));
  CHECK(has(error_of("http_reqs{name} rate worse by 5%"), "the tag \"name\" has no value"));
}

TEST_CASE("a comparison is text, Markdown and JSON") {
  const Comparison slower = compare_shapes({}, {.latency = 30});
  const std::string text = comparison_text(slower, {"a condition"});
  CHECK(has(text, "base: run 1 (5m0s of load)"));
  CHECK(has(text, "worse"));
  CHECK(has(text, "failed: a condition"));
  const std::string markdown = comparison_markdown(slower, {});
  CHECK(has(markdown, "| http\\_req\\_duration | avg |"));
  CHECK(has(markdown, "❌ worse"));
  const std::string json = comparison_json(slower, {"a condition"});
  CHECK(has(json, R"("judged_by": "seconds")"));
  CHECK(has(json, R"("failed": [)"));
}

}  // namespace perigee::compare
