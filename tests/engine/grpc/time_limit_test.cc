#include "engine/grpc/time_limit.h"

#include <doctest/doctest.h>

namespace perigee::grpc {
namespace {

using namespace std::chrono_literals;

TEST_CASE("time limits have at most eight digits") {
  CHECK(format_time_limit(99'999'999ns) == "99999999n");
  CHECK(format_time_limit(100ms) == "100000u");
  CHECK(format_time_limit(2s) == "2000000u");
  CHECK(format_time_limit(2min) == "120000m");
  CHECK(format_time_limit(28h) == "100800S");
}

TEST_CASE("time limits are rounded up") {
  CHECK(format_time_limit(100'000'001ns) == "100001u");
}

TEST_CASE("no time at all is the least that can be said") {
  CHECK(format_time_limit(0s) == "1n");
  CHECK(format_time_limit(-5s) == "1n");
}

TEST_CASE("the longest duration can be said") {
  CHECK(parse_time_limit(format_time_limit(Duration::max())) >= Duration::max() - 1h);
}

TEST_CASE("time limits are read in all units") {
  CHECK(parse_time_limit("1n") == 1ns);
  CHECK(parse_time_limit("20u") == 20us);
  CHECK(parse_time_limit("300m") == 300ms);
  CHECK(parse_time_limit("4S") == 4s);
  CHECK(parse_time_limit("5M") == 5min);
  CHECK(parse_time_limit("6H") == 6h);
  CHECK(parse_time_limit("99999999H") == Duration::max());
}

TEST_CASE("malformed time limits are refused") {
  for (const char* value : {"", "S", "1", "1s", "123456789m", "-1S", "+1S", "1.5S", "1 S", "1SS"}) {
    CAPTURE(value);
    CHECK_FALSE(parse_time_limit(value));
  }
}

}  // namespace
}  // namespace perigee::grpc
