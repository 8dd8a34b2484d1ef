#include "engine/http/trace_parent.h"

#include <random>

#include <fmt/format.h>

namespace perigee::http {
namespace {

uint64_t fresh_seed() {
  std::random_device source;
  return uint64_t{source()} << 32 | source();
}

}  // namespace

TraceParents::TraceParents() : TraceParents(fresh_seed()) {}

// Numbers of zeros alone are not valid: an odd one is none of these.
std::string TraceParents::next() {
  const uint64_t high = random_();
  const uint64_t low = random_() | 1;
  return fmt::format("00-{:016x}{:016x}-{:016x}-01", high, low, random_() | 1);
}

}  // namespace perigee::http
