#include "engine/execution/vu_pool.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

bool higher(const VirtualUser* a, const VirtualUser* b) {
  return a->id() > b->id();
}

}  // namespace

VirtualUser& VuPool::make() {
  const uint64_t made = vus_.size();
  const uint64_t id = made < numbers_.planned() ? numbers_.planned_id(made) : numbers_.next_other();
  try {
    return *vus_.emplace_back(factory_.make_user(id));
  } catch (const std::exception& error) {
    throw ScriptError(fmt::format("VU {} can't be made: {}", id, error.what()));
  }
}

void VuPool::make_planned() {
  while (vus_.size() < numbers_.planned())
    release(make());
}

VirtualUser& VuPool::take(Free& free) {
  if (free.empty()) return make();
  std::pop_heap(free.begin(), free.end(), higher);
  VirtualUser* vu = free.back();
  free.pop_back();
  return *vu;
}

void VuPool::release(VirtualUser& vu) {
  Free& free = numbers_.is_planned(vu.id()) ? free_ : free_unplanned_;
  free.push_back(&vu);
  std::push_heap(free.begin(), free.end(), higher);
}

}  // namespace perigee
