// Shares requests out to several models by their weights.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace perigee {

// Of any thread.
class TrafficSplit {
 public:
  struct Part {
    std::string name;
    uint32_t weight;
  };

  // There is one part at least. Where all weights are zero the parts are equal.
  explicit TrafficSplit(std::vector<Part> parts) : parts_(std::move(parts)) {
    for (const Part& part : parts_)
      total_ += part.weight;
    if (total_ == 0) {
      for (Part& part : parts_)
        part.weight = 1;
      total_ = parts_.size();
    }
    // A stride that meets every number below the total, about a golden section away each time.
    stride_ = total_ * 618 / 1000 + 1;
    while (std::gcd(stride_, total_) != 1)
      ++stride_;
  }

  // Whose turn it is: each has exactly its part of as many requests as the weights add up to, and
  // nearly so of fewer.
  const std::string& next() const {
    uint64_t at = (turn_.fetch_add(1, std::memory_order_relaxed) % total_) * stride_ % total_;
    for (const Part& part : parts_) {
      if (at < part.weight) return part.name;
      at -= part.weight;
    }
    return parts_.back().name;
  }
  const std::vector<Part>& parts() const { return parts_; }

 private:
  std::vector<Part> parts_;
  uint64_t total_ = 0;
  uint64_t stride_ = 1;
  mutable std::atomic<uint64_t> turn_{0};
};

}  // namespace perigee
