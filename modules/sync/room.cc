#include "modules/sync/room.h"

#include <stdexcept>

#include <fmt/format.h>

#include "modules/sync/limits.h"

namespace perigee::sync {
namespace {

void check_name(const std::string& name) {
  if (name.empty()) throw std::runtime_error("name must not be empty");
  if (name.size() <= limits::kName) return;
  throw std::runtime_error(
      fmt::format("name must have {} bytes at most, and has {}", limits::kName, name.size()));
}

template <typename T, typename... Settings>
T& find_or_make(std::map<std::string, std::unique_ptr<T>>& all, const std::string& name,
                const char* what, const Settings&... settings) {
  check_name(name);
  const auto found = all.find(name);
  if (found != all.end()) return *found->second;
  if (all.size() >= limits::kNames) {
    throw std::runtime_error(
        fmt::format("a run has {} {} at most; use names again", limits::kNames, what));
  }
  return *(all[name] = std::make_unique<T>(settings...));
}

void refuse(const char* what, const std::string& name, const std::string& has) {
  throw std::runtime_error(
      fmt::format("the {} \"{}\" exists and has {}; use another name", what, name, has));
}

}  // namespace

Lock& Room::lock(const std::string& name) {
  const std::lock_guard guard(mutex_);
  return find_or_make(locks_, name, "locks");
}

Barrier& Room::barrier(const std::string& name, size_t parties) {
  const std::lock_guard guard(mutex_);
  Barrier& barrier = find_or_make(barriers_, name, "barriers", parties);
  if (barrier.parties() != parties) {
    refuse("barrier", name, fmt::format("{} parties", barrier.parties()));
  }
  return barrier;
}

Counter& Room::counter(const std::string& name, CounterRange range) {
  const std::lock_guard guard(mutex_);
  Counter& counter = find_or_make(counters_, name, "counters", range);
  if (counter.range() != range) {
    refuse("counter", name,
           fmt::format("min {} and max {}", counter.range().min, counter.range().max));
  }
  return counter;
}

Queue& Room::queue(const std::string& name, size_t capacity) {
  const std::lock_guard guard(mutex_);
  Queue& queue = find_or_make(queues_, name, "queues", capacity);
  if (queue.capacity() != capacity) {
    refuse("queue", name, fmt::format("the capacity {}", queue.capacity()));
  }
  return queue;
}

}  // namespace perigee::sync
