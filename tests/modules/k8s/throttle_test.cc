#include "modules/k8s/throttle.h"

#include <chrono>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;

constexpr Instant kStart{hours{100}};
constexpr Instant kAnyTime{hours{200}};

}  // namespace

TEST_CASE("a throttle lets a burst through at once, and the others at its rate") {
  Throttle throttle(10, 3);
  for (int i = 0; i < 3; ++i)
    CHECK(throttle.reserve(kStart, kAnyTime) == kStart);
  CHECK(throttle.reserve(kStart, kAnyTime) == kStart + milliseconds(100));
  CHECK(throttle.reserve(kStart, kAnyTime) == kStart + milliseconds(200));
}

TEST_CASE("a throttle's bucket is filled by time, and never beyond its burst") {
  Throttle throttle(10, 2);
  throttle.reserve(kStart, kAnyTime);
  throttle.reserve(kStart, kAnyTime);
  const Instant later = kStart + milliseconds(100);
  CHECK(throttle.reserve(later, kAnyTime) == later);
  CHECK(throttle.reserve(later, kAnyTime) == later + milliseconds(100));
  const Instant full = kStart + hours(1);
  CHECK(throttle.reserve(full, kAnyTime) == full);
  CHECK(throttle.reserve(full, kAnyTime) == full);
  CHECK(throttle.reserve(full, kAnyTime) == full + milliseconds(100));
}

TEST_CASE("a turn that is too late is not taken from the others") {
  Throttle throttle(0.001, 1);
  CHECK(throttle.reserve(kStart, kStart) == kStart);
  CHECK_FALSE(throttle.reserve(kStart, kStart + milliseconds(999'999)));
  CHECK(throttle.reserve(kStart, kAnyTime) == kStart + milliseconds(1'000'000));
}

TEST_CASE("clients of the same settings share a throttle, others do not") {
  Throttles throttles;
  CHECK(&throttles.of("a", 1, 1) == &throttles.of("a", 1, 1));
  CHECK(&throttles.of("a", 1, 1) != &throttles.of("b", 1, 1));
}

}  // namespace perigee
