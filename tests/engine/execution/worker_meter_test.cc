#include "engine/execution/worker_meter.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

struct Meter {
  const Histogram& trend(const char* metric) {
    const Snapshot taken = shard.take(Instant{}, Instant{});
    for (const SeriesDelta& series : taken.series) {
      tags = *series.tags;
      if (registry.at(series.metric).name == metric) found = series.sink.trend();
    }
    return found;
  }

  MetricRegistry registry;
  BuiltinMetrics builtins = declare_builtins(registry);
  MetricShard shard{registry};
  WorkerMeter meter{shard, builtins, {{"team", "red"}}, 3};
  Instant zero{100s};
  Histogram found;
  TagSet tags;
};

TEST_CASE("a worker is busy by the share of its time in which it had a CPU") {
  Meter load;
  load.meter.start(load.zero, 5s);
  load.meter.sample(load.zero + 1s, 5250ms, 2ms);
  load.meter.sample(load.zero + 2s, 6s, 4ms);
  const Histogram& busy = load.trend("worker_busy");
  CHECK(busy.count() == 2);
  CHECK(busy.min() == doctest::Approx(0.25));
  CHECK(busy.max() == doctest::Approx(0.75));
  CHECK(load.tags == TagSet{{"team", "red"}, {"worker", "3"}});
}

TEST_CASE("the lag of each second is a sample in milliseconds") {
  Meter load;
  load.meter.start(load.zero, 0s);
  load.meter.sample(load.zero + 1s, 1s, 1500us);
  CHECK(load.trend("loop_lag").max() == doctest::Approx(1.5));
}

TEST_CASE("a thread is never busier than a CPU allows, whatever the clocks say") {
  Meter load;
  load.meter.start(load.zero, 0s);
  load.meter.sample(load.zero + 1s, 1010ms, 0ms);
  CHECK(load.trend("worker_busy").max() == 1);
}

TEST_CASE("a stretch of less than 50 ms says nothing") {
  Meter load;
  load.meter.start(load.zero, 0s);
  load.meter.sample(load.zero + 49ms, 49ms, 40ms);
  CHECK(load.trend("worker_busy").empty());
}

}  // namespace
}  // namespace perigee
