#include "target/target_stats.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using Counts = std::map<std::string_view, uint64_t>;

constexpr Instant at_ns(int64_t ns) {
  return Instant(Duration(ns));
}

TEST_CASE("requests are counted by route and answers by status, over all workers") {
  TargetStats stats(2, 10);
  stats.shard(0).arrived(RouteId::kBytes, at_ns(20));
  stats.shard(1).arrived(RouteId::kBytes, at_ns(10));
  stats.shard(1).arrived(RouteId::kInfer, at_ns(30));
  stats.shard(0).answered(200);
  stats.shard(1).answered(200);
  stats.shard(1).answered(503);
  const TargetStats::Totals totals = stats.read();
  CHECK(totals.requests == 3);
  CHECK(totals.answered == 3);
  CHECK(totals.routes == Counts{{"/bytes/{n}", 2}, {"/v2/models/{model}/infer", 1}});
  CHECK(totals.statuses == std::map<int, uint64_t>{{200, 2}, {503, 1}});
  CHECK(totals.arrivals_ns == std::vector<int64_t>{10, 20, 30});
  CHECK(totals.arrivals_left_out == 0);
}

TEST_CASE("the arrivals of one route can be had on their own") {
  TargetStats stats(1, 10);
  stats.shard(0).arrived(RouteId::kBytes, at_ns(1));
  stats.shard(0).arrived(RouteId::kInfer, at_ns(2));
  stats.shard(0).arrived(RouteId::kBytes, at_ns(3));
  CHECK(stats.read("/bytes/{n}").arrivals_ns == std::vector<int64_t>{1, 3});
  CHECK(stats.read("/nope").arrivals_ns == std::vector<int64_t>{});
  CHECK(stats.read("/bytes/{n}").requests == 3);
}

TEST_CASE("past the limit the oldest arrivals are left out, and that is counted") {
  TargetStats stats(1, 3);
  for (int64_t ns = 1; ns <= 5; ++ns)
    stats.shard(0).arrived(RouteId::kBytes, at_ns(ns));
  const TargetStats::Totals totals = stats.read();
  CHECK(totals.requests == 5);
  CHECK(totals.arrivals_ns == std::vector<int64_t>{3, 4, 5});
  CHECK(totals.arrivals_left_out == 2);
}

TEST_CASE("no arrivals need to be kept at all") {
  TargetStats stats(1, 0);
  stats.shard(0).arrived(RouteId::kBytes, at_ns(1));
  CHECK(stats.read().requests == 1);
  CHECK(stats.read().arrivals_ns.empty());
  CHECK(stats.read().arrivals_left_out == 1);
}

TEST_CASE("a reset forgets everything, on workers that are idle too") {
  TargetStats stats(2, 10);
  for (size_t worker = 0; worker < 2; ++worker) {
    stats.shard(worker).arrived(RouteId::kBytes, at_ns(1));
    stats.shard(worker).answered(200);
    stats.shard(worker).connection();
    stats.shard(worker).received(100);
    stats.shard(worker).sent(200);
    stats.shard(worker).malformed();
  }
  stats.reset();
  CHECK(stats.read().requests == 0);
  CHECK(stats.read().connections == 0);
  stats.shard(0).arrived(RouteId::kEcho, at_ns(2));
  const TargetStats::Totals totals = stats.read();
  CHECK(totals.requests == 1);
  CHECK(totals.answered == 0);
  CHECK(totals.malformed == 0);
  CHECK(totals.bytes_received == 0);
  CHECK(totals.bytes_sent == 0);
  CHECK(totals.arrivals_ns == std::vector<int64_t>{2});
}

TEST_CASE("the statistics are shown as JSON") {
  TargetStats stats(1, 10);
  stats.shard(0).connection();
  stats.shard(0).arrived(RouteId::kUnknown, at_ns(7));
  stats.shard(0).answered(404);
  stats.shard(0).received(30);
  stats.shard(0).sent(80);
  CHECK(
      stats.json() ==
      R"({"requests":1,"answered":1,"malformed":0,"connections":1,"bytes_received":30,"bytes_sent":80,)"
      R"("routes":{"other":1},"statuses":{"404":1},)"
      R"("grpc":{"calls":0,"answered":0,"dropped":0,"messages_received":0,"messages_sent":0,)"
      R"("methods":{},"statuses":{}},"kafka":{"requests":0,"replies":0,"errors":0},"streams":0,)"
      R"("first_token_ms":{"count":0,"avg":0.0,"p50":0.0,"p90":0.0,"p99":0.0,"max":0.0},)"
      R"("token_gap_ms":{"count":0,"avg":0.0,"p50":0.0,"p90":0.0,"p99":0.0,"max":0.0},)"
      R"("arrivals_ns":[7],"arrivals_left_out":0})");
}

}  // namespace
}  // namespace perigee
