// What is read from librdkafka's statistics.
#include "modules/kafka/statistics.h"

#include <doctest/doctest.h>

#include "modules/kafka/lag_board.h"

namespace perigee::kafka {
namespace {

struct StatisticsFixture {
  StatisticsFixture() : ids(KafkaMetricIds::declare(registry)) {}

  // The sum of a metric's samples since the last time.
  double sum(const char* metric) {
    double total = 0;
    const Snapshot snapshot = shard.take({}, {});
    for (const SeriesDelta& series : snapshot.series) {
      if (registry.at(series.metric).name != metric) continue;
      const bool counts = series.sink.kind() == MetricKind::kCounter;
      total += counts ? series.sink.counter().sum : series.sink.trend().sum();
    }
    return total;
  }

  MetricRegistry registry;
  KafkaMetricIds ids;
  MetricShard shard{registry};
  KafkaMetrics metrics{ids, shard, {}};
  Statistics statistics{metrics};
};

}  // namespace

TEST_CASE("a broker's round trip is its mean in milliseconds, the seeds' is left out") {
  StatisticsFixture test;
  test.statistics.record(
      R"({"brokers": {"a": {"nodeid": 1, "nodename": "a:1", "rtt": {"cnt": 3, "avg": 1500}},
                      "b": {"nodeid": 2, "nodename": "b:1", "rtt": {"cnt": 0, "avg": 9000}},
                      "seed": {"nodeid": -1, "rtt": {"cnt": 1, "avg": 7000}}}})",
      Instant{});
  CHECK(test.sum("kafka_broker_rtt") == doctest::Approx(1.5));
}

TEST_CASE("retries are counted once, though the library tells all since the client was made") {
  StatisticsFixture test;
  double counted = 0;
  for (const char* text : {R"({"brokers": {"a": {"nodeid": 1, "txretries": 2}}})",
                           R"({"brokers": {"a": {"nodeid": 1, "txretries": 2}}})",
                           R"({"brokers": {"a": {"nodeid": 1, "txretries": 5}}})"}) {
    test.statistics.record(text, Instant{});
    counted += test.sum("kafka_retries");
  }
  CHECK(counted == 5);
}

TEST_CASE("text that is no statistics is passed over") {
  StatisticsFixture test;
  for (const char* text : {"", "{", "[]", "{}", R"({"brokers": {"a": {"rtt": 5}}})"})
    CHECK_NOTHROW(test.statistics.record(text, Instant{}));
}

TEST_CASE("a lag is to the end that the consumer may read to") {
  const auto states = partitions_in(nlohmann::json::parse(
      R"({"topics": {"t": {"partitions": {
        "0": {"partition": 0, "hi_offset": 10, "ls_offset": 8, "app_offset": 5},
        "-1": {"partition": -1, "hi_offset": 99, "ls_offset": 99, "app_offset": 0}}}}})"));
  REQUIRE(states.size() == 1);
  const PartitionState& state = states.at({"t", 0});
  CHECK(lag_of(state, std::nullopt, -1, /*read_committed=*/true) == 3);
  CHECK(lag_of(state, std::nullopt, -1, /*read_committed=*/false) == 5);
  CHECK(lag_of(state, 7, 12, /*read_committed=*/true) == 1);
  CHECK(lag_of(state, 7, 12, /*read_committed=*/false) == 5);
}

TEST_CASE("a partition of which nothing was read yet has a lag, too") {
  const auto states = partitions_in(nlohmann::json::parse(
      R"({"topics": {"t": {"partitions": {
        "0": {"partition": 0, "hi_offset": 10, "app_offset": -1001, "next_offset": 9, "fetchq_cnt": 4},
        "1": {"partition": 1, "hi_offset": 10, "app_offset": -1001, "next_offset": -1001,
              "committed_offset": 2},
        "2": {"partition": 2, "hi_offset": -1001, "app_offset": -1001}}}}})"));
  CHECK(lag_of(states.at({"t", 0}), std::nullopt, -1, true) == 5);
  CHECK(lag_of(states.at({"t", 1}), std::nullopt, -1, true) == 8);
  CHECK(lag_of(states.at({"t", 2}), std::nullopt, -1, true) == 0);
}

TEST_CASE("the lags of all consumers are added up, by group and topic") {
  LagBoard board;
  const int first = 0;
  const int second = 0;
  board.set(&first, {{{"g", "t"}, 5}, {{"g", "u"}, 1}});
  auto sums = board.set(&second, {{{"g", "t"}, 7}, {{"", "t"}, 2}});
  CHECK(sums.total == 15);
  CHECK(sums.topics == TopicLags{{{"g", "t"}, 12}, {{"", "t"}, 2}});
  // What it no longer reads is another's.
  sums = board.set(&first, {});
  CHECK(sums.total == 9);
  CHECK(sums.topics == TopicLags{{{"g", "t"}, 7}, {{"g", "u"}, 0}});
}

}  // namespace perigee::kafka
