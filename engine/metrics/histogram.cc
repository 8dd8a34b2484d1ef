#include "engine/metrics/histogram.h"

#include <stdexcept>

namespace perigee {

Histogram& Histogram::operator=(Histogram&& other) noexcept {
  Histogram taken(std::move(other));
  swap(taken);
  return *this;
}

void Histogram::swap(Histogram& other) noexcept {
  std::swap(index_, other.index_);
  std::swap(slots_, other.slots_);
  std::swap(recent_, other.recent_);
  std::swap(count_, other.count_);
  std::swap(zeros_, other.zeros_);
  std::swap(refused_, other.refused_);
  std::swap(sum_, other.sum_);
  std::swap(min_, other.min_);
  std::swap(max_, other.max_);
}

double Histogram::middle_of(int32_t bucket) {
  const bool negative = bucket < 0;
  const auto magnitude = static_cast<uint64_t>(negative ? ~bucket : bucket);
  const uint64_t half = uint64_t{1} << (kDroppedBits - 1);
  const auto middle = std::bit_cast<double>((magnitude << kDroppedBits) | half);
  return negative ? -middle : middle;
}

uint32_t Histogram::find_slot(int32_t chunk) {
  const auto place =
      std::lower_bound(index_.begin(), index_.end(), chunk,
                       [](const Entry& entry, int32_t wanted) { return entry.chunk < wanted; });
  if (place != index_.end() && place->chunk == chunk) return place->slot;
  const auto slot = static_cast<uint32_t>(slots_.size());
  slots_.emplace_back();
  index_.insert(place, {chunk, slot});
  return slot;
}

void Histogram::merge(const Histogram& other) {
  for (const Entry& entry : other.index_) {
    const uint32_t slot = find_slot(entry.chunk);
    const Counts& counts = other.slots_[entry.slot];
    for (size_t i = 0; i < counts.size(); ++i)
      slots_[slot][i] += counts[i];
  }
  count_ += other.count_;
  zeros_ += other.zeros_;
  refused_ += other.refused_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double Histogram::percentile(double p) const {
  if (count_ == 0) return 0;
  const double rank = std::clamp(p, 0.0, 100.0) / 100 * static_cast<double>(count_ - 1);
  const auto below = static_cast<uint64_t>(rank);
  const double low = value_at(below);
  const double fraction = rank - static_cast<double>(below);
  return fraction == 0 ? low : std::lerp(low, value_at(below + 1), fraction);
}

// The value at a place in sorted order. The ends are known exactly, all others by their bucket.
double Histogram::value_at(uint64_t rank) const {
  if (rank == 0) return min_;
  if (rank >= count_ - 1) return max_;
  uint64_t passed = 0;
  bool zeros_passed = false;
  for (const Entry& entry : index_) {
    if (entry.chunk >= 0 && !zeros_passed) {
      zeros_passed = true;
      passed += zeros_;
      if (passed > rank) return 0;
    }
    for (size_t i = 0; i < slots_[entry.slot].size(); ++i) {
      passed += slots_[entry.slot][i];
      if (passed <= rank) continue;
      const int32_t bucket = (entry.chunk << kChunkBits) + static_cast<int32_t>(i);
      return std::clamp(middle_of(bucket), min_, max_);
    }
  }
  return 0;
}

size_t Histogram::bytes() const {
  return index_.capacity() * sizeof(Entry) + slots_.capacity() * sizeof(Counts);
}

Histogram::Parts Histogram::parts() const {
  Parts parts{.zeros = zeros_, .refused = refused_, .sum = sum_, .min = min(), .max = max()};
  for (const Entry& entry : index_) {
    const Counts& counts = slots_[entry.slot];
    for (size_t i = 0; i < counts.size(); ++i) {
      if (counts[i] == 0) continue;
      parts.buckets.emplace_back((entry.chunk << kChunkBits) + static_cast<int32_t>(i), counts[i]);
    }
  }
  return parts;
}

Histogram Histogram::from(const Parts& parts) {
  Histogram histogram;
  histogram.count_ = histogram.zeros_ = parts.zeros;
  int64_t previous = int64_t{kLowestBucket} - 1;
  for (const auto& [bucket, count] : parts.buckets) {
    const bool in_order = bucket > previous && bucket <= kHighestBucket;
    const bool fits = count > 0 && count <= std::numeric_limits<uint64_t>::max() - histogram.count_;
    if (!in_order || !fits) throw std::runtime_error("a histogram's buckets are malformed");
    histogram.count_of(bucket) = count;
    histogram.count_ += count;
    previous = bucket;
  }
  histogram.refused_ = parts.refused;
  if (histogram.count_ == 0) return histogram;
  if (!(std::isfinite(parts.min) && std::isfinite(parts.max) && parts.min <= parts.max)) {
    throw std::runtime_error("a histogram's bounds are malformed");
  }
  histogram.sum_ = parts.sum;
  histogram.min_ = parts.min;
  histogram.max_ = parts.max;
  return histogram;
}

}  // namespace perigee
