#include "target/target_stats.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace perigee {
namespace {

nlohmann::ordered_json percentiles(const Histogram& times) {
  return {{"count", times.count()},      {"avg", times.avg()},
          {"p50", times.percentile(50)}, {"p90", times.percentile(90)},
          {"p99", times.percentile(99)}, {"max", times.max()}};
}

}  // namespace

StatsShard::StatsShard(size_t max_arrivals, const std::atomic<uint64_t>& generation)
    : current_generation_(generation),
      max_arrivals_(max_arrivals),
      arrivals_(std::make_unique<Arrival[]>(max_arrivals)) {}

// The writer alone clears, so that a reset from another thread can't fall between its load and its
// store.
void StatsShard::refresh() {
  const uint64_t current = current_generation_.load(std::memory_order_acquire);
  if (generation_.load(std::memory_order_relaxed) == current) return;
  for (StatsCounter& counter : routes_)
    counter.clear();
  for (StatsCounter& counter : statuses_)
    counter.clear();
  for (StatsCounter* counter : {&malformed_, &connections_, &received_, &sent_})
    counter->clear();
  calls_.clear();
  kafka_.clear();
  tokens_.clear();
  arrival_count_.store(0, std::memory_order_relaxed);
  generation_.store(current, std::memory_order_release);
}

void StatsShard::arrived(RouteId route, Instant at) {
  refresh();
  routes_[static_cast<size_t>(route)].add(1);
  const uint64_t count = arrival_count_.load(std::memory_order_relaxed);
  if (max_arrivals_ > 0) {
    Arrival& arrival = arrivals_[count % max_arrivals_];
    arrival.ns.store(at.time_since_epoch().count(), std::memory_order_relaxed);
    arrival.route.store(route, std::memory_order_relaxed);
  }
  arrival_count_.store(count + 1, std::memory_order_release);
}

void StatsShard::answered(int status) {
  refresh();
  statuses_[static_cast<size_t>(status)].add(1);
}

void StatsShard::malformed() {
  refresh();
  malformed_.add(1);
}

void StatsShard::connection() {
  refresh();
  connections_.add(1);
}

void StatsShard::received(uint64_t bytes) {
  refresh();
  received_.add(bytes);
}

void StatsShard::sent(uint64_t bytes) {
  refresh();
  sent_.add(bytes);
}

TargetStats::TargetStats(size_t workers, size_t max_arrivals) {
  for (size_t i = 0; i < workers; ++i) {
    shards_.push_back(std::make_unique<StatsShard>(max_arrivals, generation_));
  }
}

void TargetStats::reset() {
  generation_.fetch_add(1, std::memory_order_acq_rel);
}

TargetStats::Totals TargetStats::read(std::string_view route) const {
  Totals totals;
  for (const auto& shard : shards_) {
    if (shard->generation_.load(std::memory_order_acquire) != generation_.load()) continue;
    for (size_t i = 0; i < kRouteCount; ++i) {
      const uint64_t count = shard->routes_[i].read();
      totals.requests += count;
      if (count > 0) totals.routes[route_name(static_cast<RouteId>(i))] += count;
    }
    for (size_t status = 0; status < StatsShard::kStatuses; ++status) {
      const uint64_t count = shard->statuses_[status].read();
      totals.answered += count;
      if (count > 0) totals.statuses[static_cast<int>(status)] += count;
    }
    totals.malformed += shard->malformed_.read();
    totals.connections += shard->connections_.read();
    totals.bytes_received += shard->received_.read();
    totals.bytes_sent += shard->sent_.read();
    shard->calls_.add_to(totals.calls);
    shard->kafka_.add_to(totals.kafka);
    totals.tokens.merge(shard->tokens_.read());
    const uint64_t arrivals = shard->arrival_count_.load(std::memory_order_acquire);
    const uint64_t kept = std::min<uint64_t>(arrivals, shard->max_arrivals_);
    totals.arrivals_left_out += arrivals - kept;
    for (uint64_t i = 0; i < kept; ++i) {
      const StatsShard::Arrival& arrival = shard->arrivals_[i];
      if (!route.empty() && route_name(arrival.route.load(std::memory_order_relaxed)) != route) {
        continue;
      }
      totals.arrivals_ns.push_back(arrival.ns.load(std::memory_order_relaxed));
    }
  }
  std::sort(totals.arrivals_ns.begin(), totals.arrivals_ns.end());
  return totals;
}

std::string TargetStats::json(std::string_view route) const {
  const Totals totals = read(route);
  nlohmann::ordered_json document{{"requests", totals.requests},
                                  {"answered", totals.answered},
                                  {"malformed", totals.malformed},
                                  {"connections", totals.connections},
                                  {"bytes_received", totals.bytes_received},
                                  {"bytes_sent", totals.bytes_sent},
                                  {"routes", nlohmann::ordered_json::object()},
                                  {"statuses", nlohmann::ordered_json::object()},
                                  {"grpc", to_json(totals.calls)},
                                  {"kafka", to_json(totals.kafka)},
                                  {"streams", totals.tokens.streams},
                                  {"first_token_ms", percentiles(totals.tokens.first)},
                                  {"token_gap_ms", percentiles(totals.tokens.gaps)},
                                  {"arrivals_ns", totals.arrivals_ns},
                                  {"arrivals_left_out", totals.arrivals_left_out}};
  for (const auto& [name, count] : totals.routes)
    document["routes"][std::string(name)] = count;
  for (const auto& [status, count] : totals.statuses) {
    document["statuses"][std::to_string(status)] = count;
  }
  return document.dump();
}

}  // namespace perigee
