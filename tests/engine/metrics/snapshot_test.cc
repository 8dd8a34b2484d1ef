#include "engine/metrics/snapshot.h"

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/metrics/shard.h"

namespace perigee {
namespace {

Instant at_ms(int64_t ms) {
  return Instant(std::chrono::milliseconds(ms));
}

MetricRegistry make_registry() {
  MetricRegistry registry;
  registry.add("hits", MetricKind::kCounter);
  registry.add("level", MetricKind::kGauge);
  registry.add("passed", MetricKind::kRate);
  registry.add("latency", MetricKind::kTrend, ValueKind::kTime);
  return registry;
}

Snapshot random_snapshot(const MetricRegistry& registry, std::mt19937_64& random) {
  std::uniform_real_distribution<double> exponent(-30, 30);
  MetricShard shard(registry);
  for (int i = 0; i < 500; ++i) {
    const auto metric = static_cast<MetricId>(random() % registry.size());
    TagSet tags{{"scenario", "s" + std::to_string(random() % 5)}};
    if (random() % 2 == 0) tags.set("url", "http://ü/\n" + std::to_string(random() % 7));
    const double magnitude = random() % 5 == 0 ? 0 : std::pow(10, exponent(random));
    shard.add(shard.series(metric, shard.tags().intern(tags)),
              random() % 2 == 0 ? magnitude : -magnitude, at_ms(static_cast<int64_t>(i)));
  }
  Snapshot snapshot = shard.take(at_ms(-1000), at_ms(1000));
  snapshot.worker = static_cast<uint32_t>(random());
  snapshot.vus_active = static_cast<int64_t>(random() % 1000);
  snapshot.vus_initialized = 1000;
  snapshot.last = random() % 2 == 0;
  return snapshot;
}

void check_equal(const SeriesDelta& a, const SeriesDelta& b) {
  CHECK(a.metric == b.metric);
  CHECK(*a.tags == *b.tags);
  REQUIRE(a.sink.kind() == b.sink.kind());
  CHECK(a.sink.samples() == b.sink.samples());
  switch (a.sink.kind()) {
    case MetricKind::kCounter:
      CHECK(a.sink.counter().sum == b.sink.counter().sum);
      break;
    case MetricKind::kGauge:
      CHECK(a.sink.gauge().value == b.sink.gauge().value);
      CHECK(a.sink.gauge().min == b.sink.gauge().min);
      CHECK(a.sink.gauge().max == b.sink.gauge().max);
      CHECK(a.sink.gauge().at == b.sink.gauge().at);
      break;
    case MetricKind::kRate:
      CHECK(a.sink.rate().nonzero == b.sink.rate().nonzero);
      break;
    case MetricKind::kTrend:
      CHECK(a.sink.trend().parts().buckets == b.sink.trend().parts().buckets);
      CHECK(a.sink.trend().parts().zeros == b.sink.trend().parts().zeros);
      CHECK(a.sink.trend().sum() == b.sink.trend().sum());
      CHECK(a.sink.trend().min() == b.sink.trend().min());
      CHECK(a.sink.trend().max() == b.sink.trend().max());
      break;
  }
}

TEST_CASE("a snapshot that is written and read is the same") {
  MetricRegistry registry = make_registry();
  for (int round = 0; round < 20; ++round) {
    const auto seed = std::random_device()();
    CAPTURE(seed);
    std::mt19937_64 random(seed);
    const Snapshot written = random_snapshot(registry, random);
    const Snapshot read = read_snapshot(write_snapshot(written, registry), registry);
    CHECK(read.worker == written.worker);
    CHECK(read.from == written.from);
    CHECK(read.to == written.to);
    CHECK(read.vus_active == written.vus_active);
    CHECK(read.vus_initialized == written.vus_initialized);
    CHECK(read.last == written.last);
    REQUIRE(read.series.size() == written.series.size());
    for (size_t i = 0; i < read.series.size(); ++i)
      check_equal(read.series[i], written.series[i]);
  }
}

TEST_CASE("metrics of another process are found by name, and added when they are new") {
  MetricRegistry there = make_registry();
  MetricShard shard(there);
  shard.add(shard.series(there.find("latency")->id, 0), 12, at_ms(5));
  const std::string bytes = write_snapshot(shard.take(at_ms(0), at_ms(9)), there);

  MetricRegistry here;
  here.add("something_else", MetricKind::kCounter);
  const Snapshot read = read_snapshot(bytes, here);
  REQUIRE(here.find("latency") != nullptr);
  CHECK(here.find("latency")->contains == ValueKind::kTime);
  CHECK(here.size() == 2);
  CHECK(read.series[0].metric == here.find("latency")->id);
}

TEST_CASE("a metric that is of another kind here is an error") {
  MetricRegistry there = make_registry();
  MetricShard shard(there);
  shard.add(shard.series(there.find("hits")->id, 0), 1, at_ms(5));
  const std::string bytes = write_snapshot(shard.take(at_ms(0), at_ms(9)), there);
  MetricRegistry here;
  here.add("hits", MetricKind::kGauge);
  CHECK_THROWS_WITH_AS(read_snapshot(bytes, here),
                       "can't read the snapshot: metric \"hits\" exists already as a gauge, it "
                       "can't be a counter too",
                       std::runtime_error);
}

TEST_CASE("a tag set that many series share is written once") {
  MetricRegistry registry = make_registry();
  MetricShard shard(registry);
  const TagSetId tags = shard.tags().intern(TagSet{{"url", std::string(1000, 'x')}});
  for (MetricId metric = 0; metric < 4; ++metric)
    shard.add(shard.series(metric, tags), 1, at_ms(1));
  CHECK(write_snapshot(shard.take(at_ms(0), at_ms(9)), registry).size() < 1300);
}

TEST_CASE("a snapshot that is cut off anywhere is an error") {
  MetricRegistry registry = make_registry();
  std::mt19937_64 random(7);
  const std::string bytes = write_snapshot(random_snapshot(registry, random), registry);
  for (size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    CHECK_THROWS_AS(read_snapshot(bytes.substr(0, length), registry), std::runtime_error);
  }
}

TEST_CASE("bytes of something else are an error") {
  MetricRegistry registry;
  CHECK_THROWS_WITH_AS(read_snapshot("{\"metrics\": {}}", registry),
                       "can't read the snapshot: the bytes end too early", std::runtime_error);
  CHECK_THROWS_WITH_AS(read_snapshot("\x04nope and more", registry),
                       "can't read the snapshot: these bytes are something else",
                       std::runtime_error);
}

TEST_CASE("another version is an error that names it") {
  MetricRegistry registry;
  std::string bytes = write_snapshot(Snapshot{}, registry);
  bytes[bytes.find("snapshot") + 8] = 9;
  CHECK_THROWS_WITH_AS(read_snapshot(bytes, registry),
                       "can't read the snapshot: its version is 9, known is 1", std::runtime_error);
}

TEST_CASE("bytes after the end are an error") {
  MetricRegistry registry;
  CHECK_THROWS_AS(read_snapshot(write_snapshot(Snapshot{}, registry) + "x", registry),
                  std::runtime_error);
}

TEST_CASE("a byte that is changed anywhere never does more than throw") {
  MetricRegistry registry = make_registry();
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  const std::string bytes = write_snapshot(random_snapshot(registry, random), registry);
  size_t read = 0;
  for (int round = 0; round < 5000; ++round) {
    std::string changed = bytes;
    changed[random() % changed.size()] = static_cast<char>(random());
    MetricRegistry fresh;
    try {
      read_snapshot(changed, fresh);
      ++read;
    } catch (const std::runtime_error&) {
    }
  }
  CHECK(read < 5000);
}

}  // namespace
}  // namespace perigee
