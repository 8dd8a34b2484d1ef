// summary.junit as handleSummary uses it.
#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

constexpr const char* kData = R"lua(
local summary = require "perigee.summary"
local data = {
  metrics = {
    http_req_duration = {
      values = { avg = 1.5, ["p(95)"] = 250 },
      thresholds = { ["p(95)<200"] = { ok = false }, ["avg<2"] = { ok = true } },
    },
    vus = { values = { value = 1 } },
  },
  root_group = {
    path = "", checks = { { name = "a < \"b\" & c", passes = 2, fails = 1 } },
    groups = { { path = "::cart", checks = { { name = "paid", passes = 3, fails = 0 } } } },
  },
  state = { testRunDurationMs = 1500 },
}
)lua";

}  // namespace

TEST_CASE("thresholds and checks are test cases, and what failed says how") {
  CHECK(evaluate("summary.junit(data, { name = 'shop' })", kData) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop" tests="4" failures="2" errors="0" time="1.500">
  <testsuite name="thresholds" tests="2" failures="1" errors="0" skipped="0" time="1.500">
    <testcase classname="http_req_duration" name="avg&lt;2"/>
    <testcase classname="http_req_duration" name="p(95)&lt;200">
      <failure message="http_req_duration: wanted p(95)&lt;200, measured avg=1.5 p(95)=250">http_req_duration: wanted p(95)&lt;200, measured avg=1.5 p(95)=250</failure>
    </testcase>
  </testsuite>
  <testsuite name="checks" tests="2" failures="1" errors="0" skipped="0" time="1.500">
    <testcase classname="checks" name="a &lt; &quot;b&quot; &amp; c">
      <failure message="1 of 3 failed">1 of 3 failed</failure>
    </testcase>
    <testcase classname="checks::cart" name="paid"/>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("options that there are not are refused") {
  CHECK(evaluate("summary.junit(data, { nam = 'x' })", kData)
            .ends_with("summary.junit: there is no option \"nam\"; there is name"));
  CHECK(evaluate("summary.junit(data, { name = 7 })", kData)
            .ends_with("summary.junit: name must be a string, got a number"));
}

}  // namespace perigee
