#include "engine/execution/vu_numbers.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::vector<uint64_t> ids(const std::vector<uint64_t>& planned, size_t worker) {
  std::atomic<uint64_t> others{0};
  const VuNumbers numbers(planned, worker, others);
  std::vector<uint64_t> ids;
  for (uint64_t k = 0; k < numbers.planned(); ++k)
    ids.push_back(numbers.planned_id(k));
  return ids;
}

TEST_CASE("planned VUs are numbered from 1 without a gap, whoever has more of them") {
  const std::vector<uint64_t> planned{1, 4, 0, 2};
  CHECK(ids(planned, 0) == std::vector<uint64_t>{1});
  CHECK(ids(planned, 1) == std::vector<uint64_t>{2, 4, 6, 7});
  CHECK(ids(planned, 2).empty());
  CHECK(ids(planned, 3) == std::vector<uint64_t>{3, 5});
}

TEST_CASE("other VUs are numbered after the planned ones, as they come on any worker") {
  std::atomic<uint64_t> others{0};
  VuNumbers first({2, 1}, 0, others);
  VuNumbers second({2, 1}, 1, others);
  CHECK(second.next_other() == 4);
  CHECK(first.next_other() == 5);
  CHECK(second.next_other() == 6);
  CHECK(first.is_planned(3));
  CHECK(!first.is_planned(4));
}

}  // namespace
}  // namespace perigee
