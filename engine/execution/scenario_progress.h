// What the workers of a run share about one scenario: atomic counts, and the first error.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace perigee {

// Created before the workers, gone after them.
class ScenarioProgress {
 public:
  explicit ScenarioProgress(size_t workers) : idle_(workers), scheduling_(workers) {}

  // Takes the next of the iterations that all VUs share.
  uint64_t claim_iteration() { return claimed_.fetch_add(1, std::memory_order_relaxed); }
  // The one that is claimed next.
  uint64_t next_iteration() const { return claimed_.load(std::memory_order_relaxed); }
  // Takes all that are left of `total`; how many those were.
  uint64_t claim_rest(uint64_t total) {
    const uint64_t claimed = claimed_.exchange(total);
    return claimed < total ? total - claimed : 0;
  }

  // One idle VU of `worker` becomes spoken for; false if it has none left.
  bool reserve_idle(size_t worker) {
    int64_t idle = idle_[worker].count.load(std::memory_order_relaxed);
    while (idle > 0) {
      if (idle_[worker].count.compare_exchange_weak(idle, idle - 1)) return true;
    }
    return false;
  }
  void add_idle(size_t worker) { idle_[worker].count.fetch_add(1); }
  int64_t idle(size_t worker) const { return idle_[worker].count.load(); }

  // A VU beyond the pre-allocated ones may be made; false if `most` have been.
  bool claim_unplanned(int64_t most) {
    int64_t made = unplanned_.load(std::memory_order_relaxed);
    while (made < most) {
      if (unplanned_.compare_exchange_weak(made, made + 1)) return true;
    }
    return false;
  }

  // A worker has no arrival left to hand over; true if it was the last of them.
  bool finish_scheduling() { return scheduling_.fetch_sub(1) == 1; }
  bool scheduling() const { return scheduling_.load() > 0; }

  // An iteration has ended with an error. It counts as completed, too.
  void record_failure(std::string_view error) {
    if (failed_.fetch_add(1) > 0) return;
    const std::lock_guard lock(mutex_);
    first_error_ = error;
  }
  uint64_t failed() const { return failed_.load(); }
  // Of the first that failed, once the workers are gone.
  std::string first_error() const {
    const std::lock_guard lock(mutex_);
    return first_error_;
  }

  // True for the first caller only: one warning is enough.
  bool warn_once() { return !warned_.exchange(true); }

  // Whether arrivals start its iterations; set before the workers begin.
  bool is_open = false;
  std::atomic<uint64_t> completed{0};    // iterations that ran to their end
  std::atomic<uint64_t> interrupted{0};  // iterations that were cut off
  std::atomic<int64_t> active{0};        // VUs that run an iteration now

 private:
  struct alignas(64) Idle {
    std::atomic<int64_t> count{0};
  };

  std::atomic<uint64_t> claimed_{0};
  std::vector<Idle> idle_;
  std::atomic<int64_t> unplanned_{0};
  std::atomic<size_t> scheduling_;
  std::atomic<bool> warned_{false};
  std::atomic<uint64_t> failed_{0};
  mutable std::mutex mutex_;
  std::string first_error_;
};

}  // namespace perigee
