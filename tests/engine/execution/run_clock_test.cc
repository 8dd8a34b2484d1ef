#include "engine/execution/run_clock.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart = Instant(1h);

TEST_CASE("offsets count from the start") {
  const RunClock clock(kStart);
  CHECK(clock.at(5s) == kStart + 5s);
  CHECK(clock.elapsed(kStart + 7s) == 7s);
  CHECK(clock.elapsed(kStart - 1ms) == -1ms);
}

TEST_CASE("the clock stands still during a pause, and goes on from there") {
  RunClock clock(kStart);
  clock.pause(kStart + 10s);
  CHECK(clock.paused());
  CHECK(clock.elapsed(kStart + 25s) == 10s);
  clock.resume(kStart + 30s);
  CHECK(!clock.paused());
  CHECK(clock.elapsed(kStart + 31s) == 11s);
  CHECK(clock.at(11s) == kStart + 31s);
}

TEST_CASE("pausing twice or resuming twice changes nothing") {
  RunClock clock(kStart);
  clock.pause(kStart + 10s);
  clock.pause(kStart + 15s);
  clock.resume(kStart + 20s);
  clock.resume(kStart + 25s);
  CHECK(clock.elapsed(kStart + 30s) == 20s);
}

}  // namespace
}  // namespace perigee
