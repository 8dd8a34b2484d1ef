// What arrived at the target and what it answered: its own count, independent of any client's.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "target/grpc/call_counts.h"
#include "target/kafka/kafka_counts.h"
#include "target/router.h"
#include "target/stats_counter.h"
#include "target/token_times.h"

namespace perigee {

// The counts of one worker. Written by its thread only and without locks; read from any thread.
// A request is counted when its head is complete, a reply when it goes out.
class StatsShard {
 public:
  // Keeps the instants of the last `max_arrivals` requests. `generation` outlives the shard; when
  // it grows, everything counted so far is forgotten.
  StatsShard(size_t max_arrivals, const std::atomic<uint64_t>& generation);

  void arrived(RouteId route, Instant at);
  void answered(int status);
  void malformed();   // what came was not a request
  void connection();  // a connection carried its first counted request
  void received(uint64_t bytes);
  void sent(uint64_t bytes);
  TokenRecord& tokens() { return tokens_; }
  // Of gRPC; for one count at a time.
  CallCounts& calls() {
    refresh();
    return calls_;
  }
  // Of Kafka; for one count at a time.
  KafkaCounts& kafka() {
    refresh();
    return kafka_;
  }

 private:
  friend class TargetStats;
  static constexpr size_t kStatuses = 1000;

  void refresh();

  const std::atomic<uint64_t>& current_generation_;
  std::atomic<uint64_t> generation_{0};
  std::array<StatsCounter, kRouteCount> routes_;
  std::array<StatsCounter, kStatuses> statuses_;
  StatsCounter malformed_, connections_, received_, sent_;
  CallCounts calls_;
  KafkaCounts kafka_;
  TokenRecord tokens_;

  struct Arrival {
    std::atomic<int64_t> ns{0};
    std::atomic<RouteId> route{RouteId::kUnknown};
  };
  const size_t max_arrivals_;
  std::unique_ptr<Arrival[]> arrivals_;
  std::atomic<uint64_t> arrival_count_{0};
};

// The shards of all workers. `read`, `reset` and `json` may be called from any thread.
class TargetStats {
 public:
  struct Totals {
    uint64_t requests = 0;
    uint64_t answered = 0;
    uint64_t malformed = 0;
    uint64_t connections = 0;
    uint64_t bytes_received = 0;
    uint64_t bytes_sent = 0;
    std::map<std::string_view, uint64_t> routes;
    std::map<int, uint64_t> statuses;
    std::vector<int64_t> arrivals_ns;  // of the monotonic clock, ascending
    TokenTimes tokens;
    CallTotals calls;
    KafkaTotals kafka;
    uint64_t arrivals_left_out = 0;  // older ones that were not kept
  };

  TargetStats(size_t workers, size_t max_arrivals);

  StatsShard& shard(size_t worker) { return *shards_[worker]; }

  // The sum of the shards. The arrivals are those at `route` only, if it is given.
  Totals read(std::string_view route = {}) const;
  // As `read`, as the body of GET /stats.
  std::string json(std::string_view route = {}) const;
  void reset();

 private:
  std::atomic<uint64_t> generation_{0};
  std::vector<std::unique_ptr<StatsShard>> shards_;
};

}  // namespace perigee
