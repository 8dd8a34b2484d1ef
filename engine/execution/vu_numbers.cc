#include "engine/execution/vu_numbers.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace perigee {

VuNumbers::VuNumbers(std::vector<uint64_t> planned, size_t worker, std::atomic<uint64_t>& others)
    : planned_(std::move(planned)),
      worker_(worker),
      total_(std::accumulate(planned_.begin(), planned_.end(), uint64_t{0})),
      others_(others) {}

// In round k every worker that plans more than k VUs gets one.
uint64_t VuNumbers::planned_id(uint64_t k) const {
  uint64_t before = 0;
  for (size_t other = 0; other < planned_.size(); ++other)
    before += std::min(planned_[other], other < worker_ ? k + 1 : k);
  return before + 1;
}

}  // namespace perigee
