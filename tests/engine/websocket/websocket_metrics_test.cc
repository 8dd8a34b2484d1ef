#include "engine/websocket/websocket_metrics.h"

#include <chrono>
#include <string>

#include <doctest/doctest.h>

namespace perigee::websocket {
namespace {

constexpr Instant kThen{std::chrono::seconds(9)};

struct MetricsFixture {
  MetricRegistry registry;
  WebSocketMetricIds ids = WebSocketMetricIds::declare(registry);
  MetricShard shard{registry};
  WebSocketMetrics metrics{ids, shard};

  // The tags of the one series of a metric that was added to.
  TagSet tags_of(MetricId metric) {
    for (const SeriesDelta& series : shard.take({}, kThen).series) {
      if (series.metric == metric) return *series.tags;
    }
    FAIL("there is no such series");
    return {};
  }
};

TEST_CASE("a connection's samples have the tags of k6") {
  MetricsFixture fixture;
  const TagSetId context = fixture.shard.tags().intern({{"scenario", "chat"}, {"group", ""}});
  fixture.metrics.record_opening({.context = context,
                                  .url = "ws://host/room",
                                  .own = {{"kind", "test"}},
                                  .status = 101,
                                  .subprotocol = "mqtt",
                                  .ip = "10.0.0.1"},
                                 std::chrono::milliseconds(4), kThen);
  CHECK(fixture.tags_of(fixture.ids.connecting) == TagSet{{"group", ""},
                                                          {"kind", "test"},
                                                          {"name", "ws://host/room"},
                                                          {"scenario", "chat"},
                                                          {"status", "101"},
                                                          {"subproto", "mqtt"},
                                                          {"url", "ws://host/room"}});
}

TEST_CASE("a name of the script's own stands for the URL too") {
  MetricsFixture fixture;
  const auto series = fixture.metrics.record_opening({.context = 0,
                                                      .url = "ws://host/room/7",
                                                      .own = {{"name", "room"}},
                                                      .status = 101,
                                                      .subprotocol = "",
                                                      .ip = ""},
                                                     Duration::zero(), kThen);
  fixture.metrics.record_sent(series, kThen);
  CHECK(fixture.tags_of(fixture.ids.messages_sent) ==
        TagSet{{"name", "room"}, {"status", "101"}, {"subproto", ""}, {"url", "room"}});
}

}  // namespace
}  // namespace perigee::websocket
