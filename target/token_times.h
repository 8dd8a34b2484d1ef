// When the tokens of completions were really sent: the truth that a client's figures are held
// against.
#pragma once

#include <cstdint>
#include <mutex>

#include "engine/base/clock.h"
#include "engine/metrics/histogram.h"

namespace perigee {

// In ms, from when the request was read to when bytes were handed to the kernel.
struct TokenTimes {
  uint64_t streams = 0;  // begun
  Histogram first;
  Histogram gaps;

  void merge(const TokenTimes& other);
};

// Those of one worker: written by its thread, read from any.
class TokenRecord {
 public:
  void first_token(Duration after_request);
  void next_token(Duration after_last);
  TokenTimes read() const;
  void clear();

 private:
  mutable std::mutex mutex_;
  TokenTimes times_;
};

}  // namespace perigee
