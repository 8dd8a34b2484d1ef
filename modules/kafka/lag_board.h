// The lags of a run's consumers, added up: they lie in several workers.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace perigee::kafka {

// What a consumer reads; the group is empty where it is member of none.
struct GroupTopic {
  std::string group;
  std::string topic;
  auto operator<=>(const GroupTopic&) const = default;
};

using TopicLags = std::map<GroupTopic, int64_t>;

// Thread-safe.
class LagBoard {
 public:
  // The sums over all consumers.
  struct Sums {
    int64_t total = 0;
    TopicLags topics{};  // of those that the consumer reads, or has read until now
  };

  // A consumer's lags are these from now on.
  Sums set(const void* consumer, const TopicLags& lags);

 private:
  void add(const TopicLags& lags, int64_t factor, TopicLags& touched);

  std::mutex mutex_;
  std::map<const void*, TopicLags> lags_;
  TopicLags sums_;
  int64_t total_ = 0;
};

}  // namespace perigee::kafka
