#include "engine/metrics/shard.h"

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

Instant at(int64_t seconds) {
  return Instant(std::chrono::seconds(seconds));
}

class RecordingTap final : public SampleTap {
 public:
  void on_tags(TagSetId id, const std::shared_ptr<const TagSet>& set) override {
    tags.emplace_back(id, *set);
  }
  void on_sample(MetricId metric, TagSetId id, double value, Instant) override {
    samples.emplace_back(metric, id, value);
  }

  std::vector<std::pair<TagSetId, TagSet>> tags;
  std::vector<std::tuple<MetricId, TagSetId, double>> samples;
};

struct Fixture {
  MetricRegistry registry;
  MetricId hits = registry.add("hits", MetricKind::kCounter);
  MetricId latency = registry.add("latency", MetricKind::kTrend);
};

TEST_CASE_FIXTURE(Fixture, "a metric with a tag set is one series") {
  MetricShard shard(registry);
  const TagSetId tags = shard.tags().intern(TagSet{{"a", "1"}});
  CHECK(shard.series(hits, tags) == shard.series(hits, tags));
  CHECK(shard.series(hits, tags) != shard.series(latency, tags));
  CHECK(shard.series(hits, tags) != shard.series(hits, 0));
}

TEST_CASE_FIXTURE(Fixture, "a take moves out what was added since the last") {
  MetricShard shard(registry);
  const SeriesId series = shard.series(hits, shard.tags().intern(TagSet{{"a", "1"}}));
  shard.add(series, 2, at(1));
  const Snapshot first = shard.take(at(0), at(1));
  REQUIRE(first.series.size() == 1);
  CHECK(first.series[0].metric == hits);
  CHECK(*first.series[0].tags == TagSet{{"a", "1"}});
  CHECK(first.series[0].sink.counter().sum == 2);
  CHECK(first.from == at(0));
  CHECK(first.to == at(1));

  shard.add(series, 5, at(2));
  const Snapshot second = shard.take(at(1), at(2));
  REQUIRE(second.series.size() == 1);
  CHECK(second.series[0].sink.counter().sum == 5);
}

TEST_CASE_FIXTURE(Fixture, "a take leaves out the series nothing was added to") {
  MetricShard shard(registry);
  shard.add(shard.series(hits, 0), 1, at(1));
  shard.series(latency, 0);
  CHECK(shard.take(at(0), at(1)).series.size() == 1);
  CHECK(shard.take(at(1), at(2)).series.empty());
  CHECK(shard.series_count() == 2);
}

TEST_CASE_FIXTURE(Fixture, "a snapshot stays as it is while the shard goes on") {
  MetricShard shard(registry);
  const SeriesId series = shard.series(latency, 0);
  shard.add(series, 10, at(1));
  const Snapshot snapshot = shard.take(at(0), at(1));
  shard.add(series, 1000, at(2));
  CHECK(snapshot.series[0].sink.trend().count() == 1);
  CHECK(snapshot.series[0].sink.trend().max() == 10);
}

TEST_CASE_FIXTURE(Fixture, "a tap sees every sample, and each tag set before its first") {
  RecordingTap tap;
  MetricShard shard(registry, &tap);
  const TagSetId tags = shard.tags().intern(TagSet{{"a", "1"}});
  const SeriesId one = shard.series(hits, tags);
  const SeriesId other = shard.series(latency, tags);
  shard.add(one, 1, at(1));
  shard.add(other, 7, at(1));
  shard.take(at(0), at(1));
  shard.add(one, 1, at(2));
  REQUIRE(tap.tags.size() == 1);
  CHECK(tap.tags[0].first == tags);
  CHECK(tap.tags[0].second == TagSet{{"a", "1"}});
  using Sample = std::tuple<MetricId, TagSetId, double>;
  CHECK(tap.samples == std::vector<Sample>{{hits, tags, 1}, {latency, tags, 7}, {hits, tags, 1}});
}

TEST_CASE_FIXTURE(Fixture, "tag sets that found no room are counted, also by the tap") {
  const MetricId refused = registry.add("tag_sets_refused", MetricKind::kCounter);
  RecordingTap tap;
  MetricShard shard(registry, &tap);
  for (int i = 0; i < 10'004; ++i) {
    shard.tags().intern(TagSet{{"url", std::to_string(i)}});
  }
  const Snapshot snapshot = shard.take(at(0), at(1));
  REQUIRE(snapshot.series.size() == 1);
  CHECK(snapshot.series[0].metric == refused);
  CHECK(snapshot.series[0].sink.counter().sum == 5);
  CHECK(tap.samples.size() == 1);
  CHECK(shard.take(at(1), at(2)).series.empty());
}

}  // namespace
}  // namespace perigee
