#include "engine/base/duration.h"

#include <optional>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

TEST_CASE("a duration is read in every unit k6 knows") {
  CHECK(parse_duration("5ns") == 5ns);
  CHECK(parse_duration("7us") == 7us);
  CHECK(parse_duration("7µs") == 7us);
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("120m") == 2h);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("2d") == 48h);
}

TEST_CASE("the parts of a duration add up") {
  CHECK(parse_duration("1h2m3.5s") == 1h + 2min + 3500ms);
  CHECK(parse_duration("1m30s") == 90s);
}

TEST_CASE("a fraction of a unit is exact to the nanosecond") {
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("0.1ms") == 100us);
  CHECK(parse_duration(".5s") == 500ms);
}

TEST_CASE("a bare number counts milliseconds") {
  CHECK(parse_duration("0") == 0ns);
  CHECK(parse_duration("1500") == 1500ms);
  CHECK(parse_duration("2.5") == 2500us);
}

TEST_CASE("a sign is read, so that the caller can refuse a negative duration by name") {
  CHECK(parse_duration("-5s") == -5s);
  CHECK(parse_duration("+5s") == 5s);
}

TEST_CASE("what is no duration is refused") {
  CHECK(parse_duration("") == std::nullopt);
  CHECK(parse_duration("-") == std::nullopt);
  CHECK(parse_duration("s") == std::nullopt);
  CHECK(parse_duration("10x") == std::nullopt);
  CHECK(parse_duration("10 s") == std::nullopt);
  CHECK(parse_duration("1.2.3s") == std::nullopt);
  CHECK(parse_duration("1h30") == std::nullopt);
  CHECK(parse_duration("1e5s") == std::nullopt);
  CHECK(parse_duration("inf") == std::nullopt);
  CHECK(parse_duration("nan") == std::nullopt);
  CHECK(parse_duration("--5s") == std::nullopt);
}

TEST_CASE("a duration longer than the clock can count is refused") {
  CHECK(parse_duration("106000d") == 106000 * 24h);
  CHECK(parse_duration("107000d") == std::nullopt);
  CHECK(parse_duration("99999999999999999999h") == std::nullopt);
}

TEST_CASE("a duration is written the way people write it") {
  CHECK(format_duration(0ns) == "0s");
  CHECK(format_duration(15ns) == "15ns");
  CHECK(format_duration(1500ns) == "1.5µs");
  CHECK(format_duration(20ms) == "20ms");
  CHECK(format_duration(1500ms) == "1.5s");
  CHECK(format_duration(90s) == "1m30s");
  CHECK(format_duration(2h) == "2h");
  CHECK(format_duration(1h + 2min + 3500ms) == "1h2m3.5s");
  CHECK(format_duration(-90s) == "-1m30s");
}

}  // namespace
}  // namespace perigee
