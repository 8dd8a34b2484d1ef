#include "target/grpc/call_counts.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace perigee {

nlohmann::ordered_json to_json(const CallTotals& totals) {
  nlohmann::ordered_json document{{"calls", totals.calls},
                                  {"answered", totals.answered},
                                  {"dropped", totals.dropped},
                                  {"messages_received", totals.messages_received},
                                  {"messages_sent", totals.messages_sent},
                                  {"methods", nlohmann::ordered_json::object()},
                                  {"statuses", nlohmann::ordered_json::object()}};
  for (const auto& [method, count] : totals.methods)
    document["methods"][std::string(method)] = count;
  for (const auto& [status, count] : totals.statuses)
    document["statuses"][status] = count;
  return document;
}

void CallCounts::answered(grpc::Code code) {
  codes_[std::min(static_cast<size_t>(code), kCodes)].add(1);
}

void CallCounts::clear() {
  for (StatsCounter& counter : methods_)
    counter.clear();
  for (StatsCounter& counter : codes_)
    counter.clear();
  for (StatsCounter* counter : {&dropped_, &received_, &sent_})
    counter->clear();
}

void CallCounts::add_to(CallTotals& totals) const {
  for (size_t i = 0; i < methods_.size(); ++i) {
    const uint64_t count = methods_[i].read();
    totals.calls += count;
    if (count > 0) totals.methods[i < kGrpcMethods.size() ? kGrpcMethods[i] : "other"] += count;
  }
  for (size_t i = 0; i < codes_.size(); ++i) {
    const uint64_t count = codes_[i].read();
    totals.answered += count;
    if (count == 0) continue;
    const auto code = grpc::Code{static_cast<uint32_t>(i)};
    totals.statuses[i < kCodes ? grpc::code_name(code) : "other"] += count;
  }
  totals.dropped += dropped_.read();
  totals.messages_received += received_.read();
  totals.messages_sent += sent_.read();
}

}  // namespace perigee
