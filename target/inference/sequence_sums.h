// A model that keeps sums from one request to the next, in sequences as OpenVINO Model Server has
// them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "target/tensor.h"

namespace perigee {

// Shared by all workers.
class SequenceSums {
 public:
  // As many sequences may be open at once.
  static constexpr size_t kMostSequences = 500;

  // Inputs are the values, the sequence's number and what to do with it: 1 begins it, 0 goes on, 2
  // ends it. A sequence that begins as 0 is given a number. Outputs are the sums of all the
  // sequence's values and its number. Throws SequenceRefusal, and BadRequest for values of another
  // shape than those before.
  std::vector<Tensor> predict(std::span<const Tensor> inputs);

 private:
  using Sums = std::unordered_map<uint64_t, Tensor>;

  Sums::iterator open(uint64_t number, const Tensor& values);
  Sums::iterator find(uint64_t number);

  std::mutex mutex_;
  Sums sums_;
  uint64_t last_given_ = uint64_t{1} << 32;
};

}  // namespace perigee
