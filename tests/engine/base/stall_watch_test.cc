#include "engine/base/stall_watch.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{1h};

TEST_CASE("what stands still for longer than the patience lasts has stalled") {
  StallWatch watch(3s);
  CHECK_FALSE(watch.stalled(7, true, kStart));
  CHECK_FALSE(watch.stalled(7, true, kStart + 2999ms));
  CHECK(watch.stalled(7, true, kStart + 3s));
}

TEST_CASE("what moves or has nothing to do has not stalled") {
  StallWatch watch(3s);
  CHECK_FALSE(watch.stalled(0, true, kStart));
  CHECK_FALSE(watch.stalled(1, true, kStart + 2s));
  CHECK_FALSE(watch.stalled(1, true, kStart + 4s));
  CHECK_FALSE(watch.stalled(1, false, kStart + 6s));
  CHECK_FALSE(watch.stalled(1, true, kStart + 8s));
  CHECK(watch.stalled(1, true, kStart + 9s));
}

}  // namespace
}  // namespace perigee
