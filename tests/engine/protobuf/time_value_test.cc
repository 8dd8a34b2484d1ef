#include "engine/protobuf/time_value.h"

#include <doctest/doctest.h>

namespace perigee::protobuf {
namespace {

// What a timestamp is written as after it has been read.
std::string again(std::string_view text) {
  const auto value = parse_timestamp(text);
  return value ? timestamp_text(*value).value_or("out of range") : "refused";
}

std::string duration_again(std::string_view text) {
  const auto value = parse_duration(text);
  return value ? duration_text(*value).value_or("out of range") : "refused";
}

TEST_CASE("a timestamp is seconds since 1970 and nanoseconds") {
  const auto value = parse_timestamp("1970-01-02T00:00:01.25Z");
  REQUIRE(value);
  CHECK(value->seconds == 86401);
  CHECK(value->nanos == 250'000'000);
}

TEST_CASE("a timestamp is written in UTC with none, 3, 6 or 9 digits of a second") {
  CHECK(again("2026-11-30T07:36:24Z") == "2026-11-30T07:36:24Z");
  CHECK(again("2026-11-30T07:36:24.5Z") == "2026-11-30T07:36:24.500Z");
  CHECK(again("2026-11-30T07:36:24.000001Z") == "2026-11-30T07:36:24.000001Z");
  CHECK(again("2026-11-30T07:36:24.000000001Z") == "2026-11-30T07:36:24.000000001Z");
  CHECK(again("2026-11-30T07:36:24+01:30") == "2026-11-30T06:06:24Z");
  CHECK(again("2026-11-30T07:36:24-01:30") == "2026-11-30T09:06:24Z");
}

TEST_CASE("timestamps before 1970 keep their fraction forward") {
  const auto value = parse_timestamp("1969-12-31T23:59:59.9Z");
  REQUIRE(value);
  CHECK(value->seconds == -1);
  CHECK(value->nanos == 900'000'000);
  CHECK(again("0001-01-01T00:00:00Z") == "0001-01-01T00:00:00Z");
  CHECK(again("9999-12-31T23:59:59.999999999Z") == "9999-12-31T23:59:59.999999999Z");
}

TEST_CASE("what is no timestamp is refused") {
  for (const char* text :
       {"", "2026-11-30", "2026-11-30T07:36:24", "2026-11-30 07:36:24Z", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2026-11-30T24:00:00Z", "2026-11-30T07:60:24Z",
        "2026-11-30T07:36:60Z", "2026-11-30T07:36:24.Z", "2026-11-30T07:36:24.1234567890Z",
        "2026-11-30T07:36:24Zx", "2026-11-30T07:36:24+1:30", "0000-12-31T23:59:59Z",
        "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "26-11-30T07:36:24Z"}) {
    CAPTURE(text);
    CHECK(again(text) == "refused");
  }
  CHECK_FALSE(timestamp_text({.seconds = 253402300800, .nanos = 0}));
  CHECK_FALSE(timestamp_text({.seconds = 0, .nanos = -1}));
  CHECK_FALSE(timestamp_text({.seconds = 0, .nanos = 1'000'000'000}));
}

TEST_CASE("a duration is seconds with a sign for both parts") {
  const auto value = parse_duration("-1.5s");
  REQUIRE(value);
  CHECK(value->seconds == -1);
  CHECK(value->nanos == -500'000'000);
  CHECK(duration_again("0s") == "0s");
  CHECK(duration_again("3s") == "3s");
  CHECK(duration_again("-0.5s") == "-0.500s");
  CHECK(duration_again("1.000340012s") == "1.000340012s");
  CHECK(duration_again("315576000000s") == "315576000000s");
}

TEST_CASE("what is no duration is refused") {
  for (const char* text : {"", "s", "1", "1m", "500ms", ".5s", "1.s", "1.1234567890s", "+1s",
                           "--1s", "1s ", "315576000001s", "99999999999999999999s"}) {
    CAPTURE(text);
    CHECK(duration_again(text) == "refused");
  }
  CHECK_FALSE(duration_text({.seconds = 1, .nanos = -1}));
  CHECK_FALSE(duration_text({.seconds = -1, .nanos = 1}));
}

}  // namespace
}  // namespace perigee::protobuf
