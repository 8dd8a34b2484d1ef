// Which of the numbered things of a whole test (VUs, iterations) one instance of it has.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace perigee {

// Instances that run one test together each have a share of the numbers 0, 1, 2, ...: every number
// belongs to one of them, and what an instance has of the first n never shrinks as n grows. A
// value; copies share the table behind it.
class SegmentShare {
 public:
  // All there is.
  SegmentShare() = default;
  // `lengths` are those of all segments in order, as parts of their sum; `index` is the one meant.
  // Every segment has, of the first n numbers, its fair part to less than one.
  SegmentShare(const std::vector<int64_t>& lengths, size_t index);

  // The same for things that VUs bring with them: number n belongs to whoever has VU n mod `vus`,
  // so that nobody without VUs has any.
  SegmentShare following(uint64_t vus) const;

  // How many of the first `total` numbers are in it.
  uint64_t count(uint64_t total) const;
  // The k-th number in it; it must have some.
  uint64_t nth(uint64_t k) const;
  // How much of the whole it is in the long run: 0 to 1.
  double fraction() const;
  bool is_whole() const { return cycle_ == nullptr; }

 private:
  // Numbers repeat their owners after this many.
  struct Cycle {
    uint64_t length;
    std::vector<uint32_t> mine;  // sorted
  };

  uint64_t count_in_cycles(uint64_t total) const;
  uint64_t nth_in_cycles(uint64_t k) const;

  std::shared_ptr<const Cycle> cycle_;  // null: the whole
  uint64_t vus_ = 0;                    // the period of what follows VUs; 0: nothing does
};

}  // namespace perigee
