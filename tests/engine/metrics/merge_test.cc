// Many shards give the same as one: what makes percentiles of many workers and machines true.
#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/metrics/aggregator.h"
#include "engine/metrics/shard.h"

namespace perigee {
namespace {

struct Value {
  std::string metric;
  std::string scenario;
  double value;
  Instant at;
};

Instant at_ms(int64_t ms) {
  return Instant(std::chrono::milliseconds(ms));
}

MetricRegistry make_registry() {
  MetricRegistry registry;
  declare_builtins(registry);
  registry.add("latency", MetricKind::kTrend, ValueKind::kTime);
  registry.add("level", MetricKind::kGauge);
  return registry;
}

double random_value(std::mt19937_64& random) {
  std::lognormal_distribution<double> wide(0, 5);
  switch (random() % 4) {
    case 0:
      return 0;
    case 1:
      return -wide(random);
    default:
      return wide(random);
  }
}

std::vector<Value> random_values(std::mt19937_64& random) {
  const std::array<std::string, 4> metrics{"latency", "level", "iterations", "checks"};
  std::vector<Value> values;
  for (int i = 0; i < 4000; ++i) {
    // Whole numbers, so that sums do not depend on the order of addition.
    const bool is_trend = random() % 2 == 0;
    values.push_back({is_trend ? "latency" : metrics[random() % metrics.size()],
                      "s" + std::to_string(random() % 3), std::round(random_value(random) * 100),
                      at_ms(i)});
  }
  return values;
}

void add(MetricShard& shard, const MetricRegistry& registry, const Value& value) {
  const TagSetId tags = shard.tags().intern(TagSet{{"scenario", value.scenario}});
  shard.add(shard.series(registry.find(value.metric)->id, tags), value.value, value.at);
}

void check_equal(const Sink& one, const Sink& many) {
  REQUIRE(one.kind() == many.kind());
  CHECK(one.samples() == many.samples());
  switch (one.kind()) {
    case MetricKind::kCounter:
      CHECK(one.counter().sum == many.counter().sum);
      break;
    case MetricKind::kGauge:
      CHECK(one.gauge().value == many.gauge().value);
      CHECK(one.gauge().min == many.gauge().min);
      CHECK(one.gauge().max == many.gauge().max);
      break;
    case MetricKind::kRate:
      CHECK(one.rate().nonzero == many.rate().nonzero);
      break;
    case MetricKind::kTrend:
      CHECK(one.trend().parts().buckets == many.trend().parts().buckets);
      CHECK(one.trend().parts().zeros == many.trend().parts().zeros);
      CHECK(one.trend().sum() == many.trend().sum());
      CHECK(one.trend().min() == many.trend().min());
      CHECK(one.trend().max() == many.trend().max());
      CHECK(one.trend().percentile(95) == many.trend().percentile(95));
      break;
  }
}

void check_equal(const Aggregator& one, const Aggregator& many) {
  for (const Metric& metric : one.registry()) {
    CAPTURE(metric.name);
    REQUIRE((one.total(metric.id) == nullptr) == (many.total(metric.id) == nullptr));
    if (one.total(metric.id)) check_equal(*one.total(metric.id), *many.total(metric.id));
  }
  REQUIRE(one.submetrics().size() == many.submetrics().size());
  for (size_t i = 0; i < one.submetrics().size(); ++i) {
    check_equal(one.submetrics()[i].sink, many.submetrics()[i].sink);
  }
}

TEST_CASE("many shards, taken in many intervals and any order, add up to one shard") {
  const MetricRegistry registry = make_registry();
  const ThresholdSet thresholds({{"latency{scenario:s1}", {parse_threshold("p(95)<1")}}}, registry);
  for (int round = 0; round < 10; ++round) {
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const std::vector<Value> values = random_values(random);

    MetricShard single(registry);
    std::vector<MetricShard> shards;
    for (size_t i = 0; i < 1 + random() % 8; ++i)
      shards.emplace_back(registry);
    std::vector<Snapshot> snapshots;
    for (const Value& value : values) {
      add(single, registry, value);
      MetricShard& shard = shards[random() % shards.size()];
      add(shard, registry, value);
      if (random() % 100 == 0) snapshots.push_back(shard.take(at_ms(0), value.at));
    }
    for (MetricShard& shard : shards)
      snapshots.push_back(shard.take(at_ms(0), at_ms(4000)));
    std::shuffle(snapshots.begin(), snapshots.end(), random);

    Aggregator one(registry, thresholds);
    Aggregator many(registry, thresholds);
    one.add(single.take(at_ms(0), at_ms(4000)));
    for (Snapshot& snapshot : snapshots)
      many.add(std::move(snapshot));
    check_equal(one, many);
  }
}

}  // namespace
}  // namespace perigee
