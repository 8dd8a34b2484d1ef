// The target's own count of gRPC calls and their messages.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "engine/grpc/status.h"
#include "target/grpc/methods.h"
#include "target/stats_counter.h"

namespace perigee {

// Every call is counted when its head has come, and again when it is answered with a status or
// dropped without one.
struct CallTotals {
  uint64_t calls = 0;
  uint64_t answered = 0;
  uint64_t dropped = 0;
  uint64_t messages_received = 0;
  uint64_t messages_sent = 0;
  std::map<std::string_view, uint64_t> methods;
  std::map<std::string, uint64_t> statuses;
};

// As it stands in the body of GET /stats.
nlohmann::ordered_json to_json(const CallTotals& totals);

// Those of one worker.
class CallCounts {
 public:
  // `method`: its place in kGrpcMethods, or anything above that.
  void arrived(size_t method) { methods_[std::min(method, kGrpcMethods.size())].add(1); }
  void answered(grpc::Code code);
  void dropped() { dropped_.add(1); }
  void message_received() { received_.add(1); }
  void message_sent() { sent_.add(1); }

  void clear();
  void add_to(CallTotals& totals) const;

 private:
  static constexpr size_t kCodes = 17;

  std::array<StatsCounter, kGrpcMethods.size() + 1> methods_;
  std::array<StatsCounter, kCodes + 1> codes_;  // the last: those without a name
  StatsCounter dropped_, received_, sent_;
};

}  // namespace perigee
