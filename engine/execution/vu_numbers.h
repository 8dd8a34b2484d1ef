// The ids of one worker's VUs.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

namespace perigee {

// Over all workers the planned VUs have the ids from 1 on without a gap, dealt out in turn; every
// other VU gets the next one when it is made.
class VuNumbers {
 public:
  // `planned` are the planned VUs of each worker; `others` counts the other VUs of all workers.
  VuNumbers(std::vector<uint64_t> planned, size_t worker, std::atomic<uint64_t>& others);

  // How many VUs this worker has planned, and the id of its k-th.
  uint64_t planned() const { return planned_[worker_]; }
  uint64_t planned_id(uint64_t k) const;
  bool is_planned(uint64_t id) const { return id <= total_; }
  uint64_t next_other() { return total_ + 1 + others_.fetch_add(1); }

 private:
  std::vector<uint64_t> planned_;
  size_t worker_;
  uint64_t total_ = 0;
  std::atomic<uint64_t>& others_;
};

}  // namespace perigee
