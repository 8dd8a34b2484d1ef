// The target's own count of requests that came over topics.
#pragma once

#include <cstdint>

#include <nlohmann/json.hpp>

#include "target/stats_counter.h"

namespace perigee {

// Every request is counted when it has been read, and again when it is answered.
struct KafkaTotals {
  uint64_t requests = 0;
  uint64_t replies = 0;
  uint64_t errors = 0;  // answered on the topic of errors
};

// As it stands in the body of GET /stats.
inline nlohmann::ordered_json to_json(const KafkaTotals& totals) {
  return {{"requests", totals.requests}, {"replies", totals.replies}, {"errors", totals.errors}};
}

// Those of one worker.
class KafkaCounts {
 public:
  void arrived() { requests_.add(1); }
  void replied() { replies_.add(1); }
  void failed() { errors_.add(1); }

  void clear() {
    for (StatsCounter* counter : {&requests_, &replies_, &errors_})
      counter->clear();
  }
  void add_to(KafkaTotals& totals) const {
    totals.requests += requests_.read();
    totals.replies += replies_.read();
    totals.errors += errors_.read();
  }

 private:
  StatsCounter requests_, replies_, errors_;
};

}  // namespace perigee
