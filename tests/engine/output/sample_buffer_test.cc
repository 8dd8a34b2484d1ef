#include "engine/output/sample_buffer.h"

#include <memory>

#include <doctest/doctest.h>

#include "engine/metrics/shard.h"

namespace perigee {
namespace {

TEST_CASE("samples are handed on when they are flushed") {
  SampleQueue queue;
  SampleBuffer buffer(3, queue);
  buffer.on_tags(4, std::make_shared<const TagSet>(TagSet{{"a", "b"}}));
  buffer.on_sample(7, 4, 1.5, Instant(Duration(9)));
  buffer.flush();
  queue.close();
  const auto batch = queue.pop();
  REQUIRE(batch.has_value());
  CHECK(batch->worker == 3);
  REQUIRE(batch->new_tags.size() == 1);
  CHECK(batch->new_tags[0].first == 4);
  REQUIRE(batch->samples.size() == 1);
  CHECK(batch->samples[0].metric == 7);
  CHECK(batch->samples[0].tags == 4);
  CHECK(batch->samples[0].value == 1.5);
  CHECK(batch->samples[0].at == Instant(Duration(9)));
  CHECK_FALSE(queue.pop().has_value());
}

TEST_CASE("a full batch is handed on at once") {
  SampleQueue queue;
  SampleBuffer buffer(3, queue);
  for (size_t i = 0; i < 4097; ++i)
    buffer.on_sample(0, 0, 0, Instant{});
  CHECK(queue.pop()->samples.size() == 4096);
  buffer.flush();
  const auto rest = queue.pop();
  CHECK(rest->samples.size() == 1);
  CHECK(rest->worker == 3);
}

TEST_CASE("nothing is handed on when there is nothing") {
  SampleQueue queue;
  SampleBuffer buffer(3, queue);
  buffer.flush();
  queue.close();
  CHECK_FALSE(queue.pop().has_value());
}

TEST_CASE("every sample of a shard passes the buffer") {
  MetricRegistry registry;
  const MetricId hits = registry.add("hits", MetricKind::kCounter);
  SampleQueue queue;
  SampleBuffer buffer(0, queue);
  MetricShard shard(registry, &buffer);
  const SeriesId series = shard.series(hits, shard.tags().intern(TagSet{{"a", "b"}}));
  for (int i = 0; i < 100; ++i)
    shard.add(series, 1, Instant{});
  buffer.flush();
  const auto batch = queue.pop();
  CHECK(batch->samples.size() == 100);
  CHECK(*batch->new_tags[0].second == TagSet{{"a", "b"}});
}

TEST_CASE("samples go with their source once a source was told") {
  SampleQueue queue;
  SampleBuffer buffer(3, queue);
  buffer.on_sample(0, 0, 1, Instant{});
  buffer.on_source({.vu = 7, .iteration = 2, .known = true});
  buffer.on_sample(0, 0, 2, Instant{});
  buffer.flush();
  buffer.on_source({});
  buffer.on_sample(0, 0, 3, Instant{});
  buffer.flush();
  const auto first = queue.pop();
  REQUIRE(first->sources.size() == 2);
  CHECK_FALSE(first->sources[0].known);
  CHECK(first->sources[1].vu == 7);
  CHECK(first->sources[1].iteration == 2);
  const auto second = queue.pop();
  REQUIRE(second->sources.size() == 1);
  CHECK_FALSE(second->sources[0].known);
}

}  // namespace
}  // namespace perigee
