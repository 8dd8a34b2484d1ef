#include "engine/output/humanize.h"

#include <cmath>

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("numbers have at most six decimals and no zeros at their end") {
  CHECK(human_number(45) == "45");
  CHECK(human_number(6.5610900) == "6.56109");
  CHECK(human_number(1.0 / 3) == "0.333333");
  CHECK(human_number(100) == "100");
  CHECK(human_number(-0.0000001) == "0");
  CHECK(human_number(1e9) == "1000000000");
}

TEST_CASE("durations choose their unit by size and are cut off, not rounded") {
  CHECK(human_duration(0) == "0s");
  CHECK(human_duration(0.000085) == "85ns");
  CHECK(human_duration(0.0123) == "12.3µs");
  CHECK(human_duration(0.9999999) == "999.99µs");
  CHECK(human_duration(1) == "1ms");
  CHECK(human_duration(120.4) == "120.4ms");
  CHECK(human_duration(999.999) == "999.99ms");
  CHECK(human_duration(1'000) == "1s");
  CHECK(human_duration(2'505) == "2.5s");
  CHECK(human_duration(59'999) == "59.99s");
  CHECK(human_duration(60'000) == "1m0s");
  CHECK(human_duration(62'900) == "1m2s");
  CHECK(human_duration(3'723'000) == "1h2m3s");
  CHECK(human_duration(-120.4) == "-120.4ms");
}

TEST_CASE("a unit that was asked for is used for every size") {
  CHECK(human_duration(1'500, "s") == "1.50s");
  CHECK(human_duration(0.5, "ms") == "0.50ms");
  CHECK(human_duration(1.5, "us") == "1500.00µs");
}

TEST_CASE("bytes are counted in thousands") {
  CHECK(human_bytes(0) == "0 B");
  CHECK(human_bytes(9) == "9 B");
  CHECK(human_bytes(0.5) == "0.5 B");
  CHECK(human_bytes(718) == "718 B");
  CHECK(human_bytes(999) == "999 B");
  CHECK(human_bytes(1'000) == "1.0 kB");
  CHECK(human_bytes(4'860) == "4.9 kB");
  CHECK(human_bytes(76'400) == "76 kB");
  CHECK(human_bytes(1e6) == "1.0 MB");
  CHECK(human_bytes(1e9) == "1.0 GB");
  CHECK(human_bytes(23.4e12) == "23 TB");
}

TEST_CASE("shares are cut off: not all is never shown as all") {
  CHECK(human_share(1) == "100.00%");
  CHECK(human_share(0.99999) == "99.99%");
  CHECK(human_share(0.975) == "97.50%");
  CHECK(human_share(0) == "0.00%");
}

TEST_CASE("a share that binary fractions can't hold is still itself") {
  CHECK(human_share(0.29) == "29.00%");
  CHECK(human_share(0.57) == "57.00%");
}

TEST_CASE("values are shown by what they are") {
  CHECK(human_value(1'500, ValueKind::kTime, "") == "1.5s");
  CHECK(human_value(1'500, ValueKind::kTime, "ms") == "1500.00ms");
  CHECK(human_value(1'500, ValueKind::kData, "") == "1.5 kB");
  CHECK(human_value(1'500, ValueKind::kDefault, "ms") == "1500");
}

TEST_CASE("the width of a text counts characters, not bytes") {
  CHECK(display_width("12.3µs") == 6);
  CHECK(display_width("✓ ok") == 4);
  CHECK(display_width("") == 0);
}

TEST_CASE("what is no number is NaN, whatever it is a number of") {
  const double nan = -std::nan("");
  for (const ValueKind kind : {ValueKind::kDefault, ValueKind::kTime, ValueKind::kData})
    CHECK(human_value(nan, kind, "") == "NaN");
  CHECK(human_duration(nan, "ms") == "NaN");
  CHECK(human_share(nan) == "NaN");
  CHECK(human_duration(HUGE_VAL) == "inf");
}

}  // namespace
}  // namespace perigee
