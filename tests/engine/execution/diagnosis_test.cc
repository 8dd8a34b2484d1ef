// What the summary says of the load generator, by readings that a test makes up.
#include "engine/execution/diagnosis.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

// A run of ten seconds with the given readings.
struct Readings {
  Readings() { declare_builtins(registry); }

  void add(const char* metric, const TagSet& tags, const std::vector<double>& values) {
    const SeriesId series = shard.series(registry.find(metric)->id, shard.tags().intern(tags));
    for (const double value : values)
      shard.add(series, value, Instant{});
  }
  // One reading for each second.
  void worker(const char* name, const std::vector<double>& busy, const std::vector<double>& lag) {
    add("worker_busy", {{"worker", name}}, busy);
    add("loop_lag", {{"worker", name}}, lag);
  }
  void scenario(const std::string& name, const std::string& executor,
                const ExecutorConfig& config) {
    Scenario scenario;
    scenario.name = name;
    scenario.executor = executor;
    scenario.config = config;
    options.scenarios.push_back(scenario);
  }
  std::vector<std::string> warnings() {
    Aggregator aggregator(registry, ThresholdSet({}, registry));
    aggregator.add(shard.take(Instant{}, Instant(std::chrono::seconds(10))));
    return diagnose(aggregator, options, circumstances);
  }

  MetricRegistry registry;
  MetricShard shard{registry};
  Options options;
  RunCircumstances circumstances{.workers = 2, .cpus = 2};
};

using Sentences = std::vector<std::string>;

TEST_CASE("a generator with room to spare is not mentioned") {
  Readings run;
  run.worker("0", {0.5, 0.89, 0.7}, {0.4, 15, 19});
  run.worker("1", {0.1, 0.2, 0.1}, {0.1, 250, 0.1});
  run.add("iteration_start_delay", {}, {0.1, 0.2});
  run.circumstances.throttling = {1000, 49};
  run.scenario("steady", "constant-arrival-rate", ConstantArrivalRate{});
  CHECK(run.warnings() == Sentences{});
}

TEST_CASE("a run without any reading is not mentioned") {
  Readings run;
  CHECK(run.warnings() == Sentences{});
}

TEST_CASE("a worker that is busy all the time was the limit") {
  Readings run;
  run.worker("0", {0.2, 0.3}, {0.1, 0.1});
  run.worker("1", {0.96, 0.98}, {8, 12});
  CHECK(run.warnings() ==
        Sentences{"The load generator was the limit, not the target: worker 1 was busy 97 % of the "
                  "time, and its timers fired up to 12 ms late. Use more CPUs (2 now), another "
                  "machine, or fewer outputs."});
}

TEST_CASE("with CPUs to spare more workers are the remedy, and late arrivals are told") {
  Readings run;
  run.circumstances.workers = 1;
  run.circumstances.cpus = 8;
  run.worker("0", {1, 1}, {100, 140});
  run.add("iteration_start_delay", {}, std::vector<double>(20, 90));
  CHECK(run.warnings() ==
        Sentences{"The load generator was the limit, not the target: worker 0 was busy 100 % of "
                  "the time, and its timers fired up to 140 ms late; arrivals started late, by "
                  "p(95)=90.0 ms. Use more workers (--workers, 1 now, 8 CPUs) or fewer outputs."});
}

TEST_CASE("a worker that is late without being busy is told apart") {
  Readings run;
  run.worker("0", {0.3, 0.3, 0.3}, {50, 50, 50});
  run.worker("1", {0.5, 0.5, 0.5}, {1, 2, 50});
  CHECK(run.warnings() ==
        Sentences{"The load generator was the limit, not the target: in half of the seconds timers "
                  "of worker 0 fired 50 ms late or later, although it was busy only 30 % of the "
                  "time. Something else takes its CPU, or the script computes for long without "
                  "waiting."});
}

TEST_CASE("a quota that stops the generator is told") {
  Readings run;
  run.circumstances.throttling = {100, 25};
  CHECK(run.warnings() ==
        Sentences{"The load generator was the limit, not the target: its CPU quota was used up in "
                  "25 of 100 periods (25 %), and it was stopped for the rest of each. Raise the "
                  "CPU limit of the container."});
}

TEST_CASE("arrivals without a free VU are told for each scenario; iterations left undone are not") {
  Readings run;
  run.scenario("fast", "constant-arrival-rate", ConstantArrivalRate{.max_vus = 10});
  run.scenario("rest", "shared-iterations", SharedIterations{});
  run.add("dropped_iterations", {{"scenario", "fast"}}, {3, 2});
  run.add("dropped_iterations", {{"scenario", "rest"}}, {7});
  run.add("iterations", {{"scenario", "fast"}}, std::vector<double>(34, 1));
  run.add("iterations_interrupted", {{"scenario", "fast"}}, {1});
  CHECK(run.warnings() ==
        Sentences{"Scenario fast: 5 of 40 arrivals (12.5 %) were dropped because none of its 10 "
                  "VUs was free. Raise maxVUs if the target is meant to cope with more at a "
                  "time."});
}

TEST_CASE("what a queue still held at the end is told as that") {
  Readings run;
  run.scenario("late", "constant-arrival-rate",
               ConstantArrivalRate{.max_vus = 2, .rules = {.overload = Overload::kQueue}});
  run.add("dropped_iterations", {{"scenario", "late"}}, {3});
  run.add("iterations", {{"scenario", "late"}}, std::vector<double>(9, 1));
  CHECK(run.warnings() ==
        Sentences{"Scenario late: 3 of 12 arrivals (25.0 %) were dropped because they were still "
                  "queued for its 2 VUs at the end. Raise maxVUs if the target is meant to cope "
                  "with more at a time."});
}

}  // namespace
}  // namespace perigee
