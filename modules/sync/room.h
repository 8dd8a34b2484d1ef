// The locks, barriers, counters and queues of a run, by name.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "modules/sync/barrier.h"
#include "modules/sync/counter.h"
#include "modules/sync/lock.h"
#include "modules/sync/queue.h"

namespace perigee::sync {

// From any thread. Who asks for a name first makes what it stands for, which stays until the end of
// the run. All throw std::runtime_error for names that are empty or too long, for too many of them,
// and for one that exists with other settings.
class Room {
 public:
  Lock& lock(const std::string& name);
  Barrier& barrier(const std::string& name, size_t parties);
  Counter& counter(const std::string& name, CounterRange range);
  Queue& queue(const std::string& name, size_t capacity);

 private:
  template <typename T>
  using Named = std::map<std::string, std::unique_ptr<T>>;

  std::mutex mutex_;
  Named<Lock> locks_;
  Named<Barrier> barriers_;
  Named<Counter> counters_;
  Named<Queue> queues_;
};

}  // namespace perigee::sync
