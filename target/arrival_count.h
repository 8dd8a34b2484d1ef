// What one connection tells the statistics of its requests' arrival.
#pragma once

#include "target/target_stats.h"

namespace perigee {

class ArrivalCount {
 public:
  explicit ArrivalCount(StatsShard& stats) : stats_(stats) {}

  // Whether requests of this route show in the statistics: asking for them does not change them.
  static bool counts(RouteId route) {
    return route != RouteId::kStats && route != RouteId::kStatsReset;
  }
  // The head of a request is complete.
  void arrived(RouteId route, Instant at);
  // What came was not a request.
  void malformed();

 private:
  void count_connection();

  StatsShard& stats_;
  bool any_ = false;
};

}  // namespace perigee
