// A distribution of numbers in bounded memory, whose parts merge exactly.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace perigee {

// Takes every finite number, also negative ones, and tells any percentile with a relative error
// below 1/128. Count, sum, minimum and maximum are exact, and zeros are kept apart. A bucket is a
// number's sign, exponent and upper 6 bits of the fraction: 64 buckets per doubling. Buckets live
// in chunks of 16 that exist once touched. (Below 2.3e-308 the error is absolute: less than
// 1e-309.)
class Histogram {
 public:
  // What a histogram consists of, for writing and reading. Buckets are in ascending order.
  struct Parts {
    std::vector<std::pair<int32_t, uint64_t>> buckets{};
    uint64_t zeros = 0;
    uint64_t refused = 0;
    double sum = 0;
    double min = 0;
    double max = 0;
  };
  static constexpr int32_t kLowestBucket = -131'072;
  static constexpr int32_t kHighestBucket = 131'071;

  Histogram() = default;
  Histogram(const Histogram&) = default;
  Histogram& operator=(const Histogram&) = default;
  // Leaves `other` empty and usable.
  Histogram(Histogram&& other) noexcept { swap(other); }
  Histogram& operator=(Histogram&& other) noexcept;
  ~Histogram() = default;

  // The bucket of a finite number other than zero. Buckets are ordered as the numbers are.
  static int32_t bucket_of(double value);
  // The middle of a bucket: what is told for the numbers in it.
  static double middle_of(int32_t bucket);

  // Some nanoseconds; allocates when a number falls where none has been before. A number that is
  // not finite is left out and counted in `refused`.
  void add(double value);
  void merge(const Histogram& other);

  // The value below which `p` percent of the numbers lie, interpolated between neighbours at
  // p/100*(count-1) as k6 does. 0 when empty.
  double percentile(double p) const;

  uint64_t count() const { return count_; }
  uint64_t refused() const { return refused_; }
  double sum() const { return sum_; }
  // 0 when empty, as are `max` and `avg`.
  double min() const { return count_ == 0 ? 0 : min_; }
  double max() const { return count_ == 0 ? 0 : max_; }
  double avg() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }
  bool empty() const { return count_ == 0; }
  // Bytes of memory held beside the object itself.
  size_t bytes() const;

  Parts parts() const;
  // A histogram of these parts; throws std::runtime_error if they contradict each other.
  static Histogram from(const Parts& parts);

  void swap(Histogram& other) noexcept;

 private:
  static constexpr int kDroppedBits = 46;
  static constexpr int32_t kChunkBits = 4;
  static constexpr int32_t kChunkMask = (1 << kChunkBits) - 1;
  using Counts = std::array<uint64_t, size_t{1} << kChunkBits>;

  // Where the counts of a chunk are.
  struct Entry {
    int32_t chunk = std::numeric_limits<int32_t>::max();
    uint32_t slot = 0;
  };

  uint64_t& count_of(int32_t bucket);
  uint32_t find_slot(int32_t chunk);
  double value_at(uint64_t rank) const;

  // Sorted by chunk.
  std::vector<Entry> index_;
  std::vector<Counts> slots_;
  // The chunks that were touched last: eight neighbours, two doublings, fit without conflict.
  std::array<Entry, 8> recent_{};
  uint64_t count_ = 0;
  uint64_t zeros_ = 0;
  uint64_t refused_ = 0;
  double sum_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
};

inline int32_t Histogram::bucket_of(double value) {
  const auto bits = std::bit_cast<uint64_t>(value);
  const auto magnitude = static_cast<int32_t>((bits << 1) >> (kDroppedBits + 1));
  return (bits >> 63) == 0 ? magnitude : ~magnitude;
}

inline uint64_t& Histogram::count_of(int32_t bucket) {
  const int32_t chunk = bucket >> kChunkBits;
  Entry& recent = recent_[static_cast<size_t>(chunk) % recent_.size()];
  if (recent.chunk != chunk) recent = {chunk, find_slot(chunk)};
  return slots_[recent.slot][static_cast<size_t>(bucket & kChunkMask)];
}

inline void Histogram::add(double value) {
  if (!std::isfinite(value)) {
    ++refused_;
    return;
  }
  ++count_;
  sum_ += value;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  ++(value == 0 ? zeros_ : count_of(bucket_of(value)));
}

}  // namespace perigee
