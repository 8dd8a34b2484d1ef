// The VUs of one worker; scenarios that do not overlap take turns with them.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "engine/execution/virtual_user.h"
#include "engine/execution/vu_numbers.h"

namespace perigee {

// Used on the worker's thread. VUs live until the pool dies.
class VuPool {
 public:
  VuPool(UserFactory& factory, VuNumbers numbers)
      : factory_(factory), numbers_(std::move(numbers)) {}

  // Makes the VUs that are planned for. Throws ScriptError, which names the VU, if the
  // factory throws.
  void make_planned();

  // A VU that nobody has, the one with the lowest id; made if need be. Throws as
  // `make_planned`. Unplanned demand gets VUs of its own: those planned for a later scenario wait
  // for it. More than was planned is asked for when VUs are changed by hand, or when a late loop
  // begins a scenario before another has given its VUs back; what unplanned demand has left then
  // comes first.
  VirtualUser& acquire() { return take(free_.empty() ? free_unplanned_ : free_); }
  VirtualUser& acquire_unplanned() { return take(free_unplanned_); }
  void release(VirtualUser& vu);

  uint64_t size() const { return vus_.size(); }

 private:
  // A heap with the lowest id on top.
  using Free = std::vector<VirtualUser*>;

  VirtualUser& make();
  VirtualUser& take(Free& free);

  UserFactory& factory_;
  VuNumbers numbers_;
  std::vector<std::unique_ptr<VirtualUser>> vus_;
  Free free_;
  Free free_unplanned_;
};

}  // namespace perigee
