// What the scheduler does not do, and why.
#pragma once

#include <stdexcept>

namespace perigee {

// Becomes FAILED_PRECONDITION, as the real scheduler has it. It never leaves what answers the call.
class SchedulerRefusal : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace perigee
