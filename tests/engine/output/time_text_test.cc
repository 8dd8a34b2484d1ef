#include "engine/output/time_text.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kTime = WallTime(1'700'000'000s) + 123'456'700ns;

std::string spell(WallTime time, TimeFormat format) {
  std::string row;
  TimeText(format).append(row, time);
  return row;
}

TEST_CASE("times are written in each of k6's formats") {
  CHECK(spell(kTime, TimeFormat::kUnix) == "1700000000");
  CHECK(spell(kTime, TimeFormat::kUnixMilli) == "1700000000123");
  CHECK(spell(kTime, TimeFormat::kUnixMicro) == "1700000000123456");
  CHECK(spell(kTime, TimeFormat::kUnixNano) == "1700000000123456700");
  CHECK(spell(kTime, TimeFormat::kRfc3339) == "2023-11-14T22:13:20Z");
  CHECK(spell(kTime, TimeFormat::kRfc3339Nano) == "2023-11-14T22:13:20.1234567Z");
}

TEST_CASE("a whole second has no fraction, a fraction no zeros at its end but those in front") {
  CHECK(spell(WallTime(1'700'000'000s), TimeFormat::kRfc3339Nano) == "2023-11-14T22:13:20Z");
  CHECK(spell(WallTime(1'700'000'000s) + 1ms, TimeFormat::kRfc3339Nano) ==
        "2023-11-14T22:13:20.001Z");
  CHECK(spell(WallTime(1'700'000'000s) + 7ns, TimeFormat::kRfc3339Nano) ==
        "2023-11-14T22:13:20.000000007Z");
  CHECK(spell(WallTime(1'700'000'000s), TimeFormat::kUnixMicro) == "1700000000000000");
}

TEST_CASE("times may go back and forth between seconds") {
  TimeText text(TimeFormat::kUnix);
  std::string row;
  for (const auto offset : {0s, 1s, 0s, 2s}) {
    text.append(row, kTime + offset);
    row += ' ';
  }
  CHECK(row == "1700000000 1700000001 1700000000 1700000002 ");
}

}  // namespace
}  // namespace perigee
