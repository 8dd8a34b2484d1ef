#include "modules/kafka/statistics.h"

#include <algorithm>

namespace perigee::kafka {
namespace {

using nlohmann::json;

double number(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number() ? found->get<double>() : 0;
}

// A window of values: how many, and their mean.
struct Window {
  double count = 0;
  double mean = 0;
};

Window window(const json& broker, const char* key) {
  const auto found = broker.find(key);
  if (found == broker.end()) return {};
  return {.count = number(*found, "cnt"), .mean = number(*found, "avg")};
}

int64_t offset(const json& partition, const char* key) {
  const auto found = partition.find(key);
  return found != partition.end() && found->is_number() ? found->get<int64_t>() : -1;
}

// What was fetched and not yet read lies in a queue.
int64_t place_in(const json& partition) {
  const int64_t read = offset(partition, "app_offset");
  if (read >= 0) return read;
  const int64_t next = offset(partition, "next_offset");
  if (next >= 0) return next - std::max<int64_t>(offset(partition, "fetchq_cnt"), 0);
  return offset(partition, "committed_offset");
}

}  // namespace

void Statistics::record_broker(const json& broker, Instant at) {
  const std::string name = broker.value("nodename", "");
  constexpr double kMicroseconds = 1000;
  // What librdkafka tells of the seeds and of its coordinator's connection would count twice.
  if (broker.value("nodeid", -1) < 0) return;
  if (const Window rtt = window(broker, "rtt"); rtt.count > 0) {
    metrics_.record_round_trip(name, rtt.mean / kMicroseconds, at);
  }
  if (const Window queue = window(broker, "int_latency"); queue.count > 0) {
    metrics_.record_queue_time(name, queue.mean / kMicroseconds, at);
  }
  // In milliseconds already.
  if (const Window throttle = window(broker, "throttle"); throttle.count > 0) {
    metrics_.record_throttle(name, throttle.mean, at);
  }
}

void Statistics::record(std::string_view text, Instant at) {
  const json statistics = json::parse(text, nullptr, /*allow_exceptions=*/false);
  const auto brokers = statistics.find("brokers");
  if (!statistics.is_object() || brokers == statistics.end()) return;
  double retries = 0;
  for (const json& broker : *brokers) {
    record_broker(broker, at);
    retries += number(broker, "txretries");
  }
  if (retries > retries_) metrics_.record_retries(retries - retries_, at);
  retries_ = std::max(retries, retries_);
}

PartitionStates partitions_in(const json& statistics) {
  PartitionStates states;
  const json topics = statistics.value("topics", json::object());
  for (const auto& [name, topic] : topics.items()) {
    for (const json& partition : topic.value("partitions", json::object())) {
      const int64_t id = offset(partition, "partition");
      if (id < 0) continue;
      states[{name, static_cast<int32_t>(id)}] = {.place = place_in(partition),
                                                  .end = offset(partition, "hi_offset"),
                                                  .last_stable = offset(partition, "ls_offset")};
    }
  }
  return states;
}

int64_t lag_of(const PartitionState& state, std::optional<int64_t> place, int64_t end,
               bool read_committed) {
  const bool open = state.last_stable >= 0 && state.last_stable < state.end;
  int64_t last = end >= 0 ? end : state.end;
  if (read_committed && open) last = state.last_stable;
  const int64_t from = place.value_or(state.place);
  return from < 0 ? 0 : std::max<int64_t>(last - from, 0);
}

}  // namespace perigee::kafka
