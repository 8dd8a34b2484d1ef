#include "engine/execution/vu_pool.h"

#include <algorithm>

namespace perigee {
namespace {

bool higher(const VirtualUser* a, const VirtualUser* b) {
  return a->id() > b->id();
}

}  // namespace

VirtualUser& VuPool::make() {
  return *vus_.emplace_back(factory_.make_user(stripe_.nth(vus_.size()) + 1));
}

void VuPool::grow_to(uint64_t count) {
  while (vus_.size() < count) {
    VirtualUser& vu = make();
    last_planned_id_ = vu.id();
    release(vu);
  }
}

VirtualUser& VuPool::take(Free& free) {
  if (free.empty()) return make();
  std::pop_heap(free.begin(), free.end(), higher);
  VirtualUser* vu = free.back();
  free.pop_back();
  return *vu;
}

void VuPool::release(VirtualUser& vu) {
  Free& free = vu.id() <= last_planned_id_ ? free_ : free_unplanned_;
  free.push_back(&vu);
  std::push_heap(free.begin(), free.end(), higher);
}

}  // namespace perigee
