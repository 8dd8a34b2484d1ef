// Which worker has how many VUs of each scenario.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/execution/scenario.h"
#include "engine/execution/stripe.h"

namespace perigee {

// Every worker computes the same.
class VuDeal {
 public:
  VuDeal(const std::vector<Scenario>& scenarios, uint32_t workers);

  // The part of a scenario that a worker has. Scenarios that run side by side begin with different
  // workers, so that a few small ones do not all meet on the first; those that follow one another
  // take over each other's VUs.
  Stripe stripe(size_t scenario, size_t worker) const;
  // The VUs that each worker needs before the run: the most that its scenarios have at one time.
  const std::vector<uint64_t>& planned() const { return planned_; }

 private:
  uint32_t workers_;
  std::vector<uint32_t> first_;  // the worker of each scenario's first VU
  std::vector<uint64_t> planned_;
};

}  // namespace perigee
