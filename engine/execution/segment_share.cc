#include "engine/execution/segment_share.h"

#include <algorithm>
#include <numeric>

namespace perigee {
namespace {

// Deals the numbers of one cycle out to the segments so that none is ever a whole number ahead of
// its fair part or behind it (Tijdeman's rule for the chairman assignment problem): of those that
// have come near enough to their next number, the one that must have it soonest gets it.
class Dealer {
 public:
  explicit Dealer(const std::vector<int64_t>& lengths)
      : lengths_(lengths),
        cycle_(std::accumulate(lengths.begin(), lengths.end(), int64_t{0})),
        slack_(2 * static_cast<int64_t>(lengths.size()) - 2),
        owed_(lengths.size()) {}

  size_t next() {
    size_t chosen = lengths_.size();
    for (size_t i = 0; i < lengths_.size(); ++i) {
      owed_[i] += lengths_[i];
      if (slack_ * owed_[i] < cycle_) continue;
      if (chosen == lengths_.size() || sooner(i, chosen)) chosen = i;
    }
    owed_[chosen] -= cycle_;
    return chosen;
  }

 private:
  // Whether segment a must have its next number before b.
  bool sooner(size_t a, size_t b) const { return left(a) * lengths_[b] < left(b) * lengths_[a]; }
  int64_t left(size_t i) const { return (slack_ - 1) * cycle_ - slack_ * owed_[i]; }

  const std::vector<int64_t>& lengths_;
  const int64_t cycle_;
  const int64_t slack_;
  std::vector<int64_t> owed_;  // fair part minus numbers had, in parts of a cycle
};

}  // namespace

SegmentShare::SegmentShare(const std::vector<int64_t>& lengths, size_t index) {
  if (lengths.size() == 1) return;
  const auto length = std::accumulate(lengths.begin(), lengths.end(), int64_t{0});
  auto cycle = std::make_shared<Cycle>();
  cycle->length = static_cast<uint64_t>(length);
  Dealer dealer(lengths);
  for (uint32_t n = 0; n < cycle->length; ++n) {
    if (dealer.next() == index) cycle->mine.push_back(n);
  }
  cycle_ = std::move(cycle);
}

SegmentShare SegmentShare::following(uint64_t vus) const {
  SegmentShare share = *this;
  share.vus_ = vus;
  return share;
}

uint64_t SegmentShare::count_in_cycles(uint64_t total) const {
  const auto& mine = cycle_->mine;
  const auto rest = std::lower_bound(mine.begin(), mine.end(), total % cycle_->length);
  return total / cycle_->length * mine.size() + static_cast<uint64_t>(rest - mine.begin());
}

uint64_t SegmentShare::nth_in_cycles(uint64_t k) const {
  const auto& mine = cycle_->mine;
  return k / mine.size() * cycle_->length + mine[k % mine.size()];
}

uint64_t SegmentShare::count(uint64_t total) const {
  if (is_whole()) return total;
  if (vus_ == 0) return count_in_cycles(total);
  return total / vus_ * count_in_cycles(vus_) + count_in_cycles(total % vus_);
}

uint64_t SegmentShare::nth(uint64_t k) const {
  if (is_whole()) return k;
  if (vus_ == 0) return nth_in_cycles(k);
  const uint64_t own_vus = count_in_cycles(vus_);
  return k / own_vus * vus_ + nth_in_cycles(k % own_vus);
}

double SegmentShare::fraction() const {
  if (is_whole()) return 1;
  if (vus_ > 0) return static_cast<double>(count_in_cycles(vus_)) / static_cast<double>(vus_);
  return static_cast<double>(cycle_->mine.size()) / static_cast<double>(cycle_->length);
}

}  // namespace perigee
