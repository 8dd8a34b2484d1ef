#include "engine/base/suggest.h"

#include <array>

#include <doctest/doctest.h>

namespace perigee {
namespace {

constexpr std::array<std::string_view, 4> kOptions{"duration", "iterations", "thresholds", "vus"};

TEST_CASE("the closest known name is found for a misspelt one") {
  CHECK(closest("iteratoins", kOptions) == "iterations");
  CHECK(closest("treshold", kOptions) == "thresholds");
  CHECK(closest("vu", kOptions) == "vus");
}

TEST_CASE("upper and lower case are the same when names are compared") {
  CHECK(closest("VUS", kOptions) == "vus");
}

TEST_CASE("nothing is suggested when no known name is close") {
  CHECK(closest("preAllocatedVUs", kOptions).empty());
  CHECK(closest("x", {}).empty());
}

TEST_CASE("the first of equally close names is suggested") {
  constexpr std::array<std::string_view, 2> kNames{"rate", "date"};
  CHECK(closest("late", kNames) == "rate");
}

TEST_CASE("a name that is refused is not offered, nor another where it was meant") {
  constexpr std::array<std::string_view, 2> kRefused{"paused", "rating"};
  constexpr std::array<std::string_view, 2> kNames{"rate", "pass"};
  CHECK(closest("pausd", kNames, kRefused).empty());
  CHECK(closest("ratin", kNames) == "rate");
  CHECK(closest("ratin", kNames, kRefused).empty());
  CHECK(closest("rat", kNames, kRefused) == "rate");
  CHECK(did_you_mean("pausd", kNames, kRefused).empty());
}

TEST_CASE("a suggestion is a sentence's end, or nothing") {
  CHECK(did_you_mean("duraton", kOptions) == " (did you mean \"duration\"?)");
  CHECK(did_you_mean("preAllocatedVUs", kOptions).empty());
}

}  // namespace
}  // namespace perigee
