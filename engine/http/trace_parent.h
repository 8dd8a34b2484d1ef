// Values of the header by which servers join their traces to a request: W3C's traceparent.
#pragma once

#include <string>

#include "engine/base/random_generator.h"

namespace perigee::http {

inline constexpr const char* kTraceParent = "traceparent";

// One per worker, whose values differ from all others'.
class TraceParents {
 public:
  TraceParents();
  explicit TraceParents(uint64_t seed) : random_(seed) {}

  // "00-", a trace's number, "-", a span's number, "-01", which asks servers to record it.
  std::string next();

 private:
  RandomGenerator random_;
};

}  // namespace perigee::http
