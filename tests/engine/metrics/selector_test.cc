#include "engine/metrics/selector.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

TEST_CASE("a name alone selects the whole metric") {
  const MetricSelector selector = parse_selector(" http_reqs ");
  CHECK(selector.text == "http_reqs");
  CHECK(selector.metric == "http_reqs");
  CHECK(selector.tags.empty());
  CHECK(selector.suffix() == "");
}

TEST_CASE("tags in braces select a part") {
  const MetricSelector selector = parse_selector("http_reqs{scenario:steady,method:GET}");
  CHECK(selector.text == "http_reqs{scenario:steady,method:GET}");
  CHECK(selector.metric == "http_reqs");
  CHECK(selector.tags == TagSet{{"method", "GET"}, {"scenario", "steady"}});
  CHECK(selector.suffix() == "scenario:steady,method:GET");
}

TEST_CASE("spaces and quotes around keys and values are left out") {
  CHECK(parse_selector("http_reqs{ scenario : \"steady\" , 'method':'GET' }").tags ==
        TagSet{{"method", "GET"}, {"scenario", "steady"}});
}

TEST_CASE("a value may hold colons, and commas when it is quoted") {
  CHECK(parse_selector("group_duration{group:::setup}").tags == TagSet{{"group", "::setup"}});
  CHECK(parse_selector("http_reqs{name:\"http://a/?x=1,2\",method:GET}").tags ==
        TagSet{{"method", "GET"}, {"name", "http://a/?x=1,2"}});
}

TEST_CASE("a value may be empty") {
  CHECK(parse_selector("http_reqs{group:}").tags == TagSet{{"group", ""}});
}

TEST_CASE("what names no metric is an error that shows how to") {
  CHECK_THROWS_WITH_AS(parse_selector("http_reqs{scenario}"),
                       "\"http_reqs{scenario}\" does not name a metric: write metric or "
                       "metric{tag:value,other_tag:value}",
                       ConfigError);
  CHECK_THROWS_AS(parse_selector(""), ConfigError);
  CHECK_THROWS_AS(parse_selector("{a:b}"), ConfigError);
  CHECK_THROWS_AS(parse_selector("http_reqs{"), ConfigError);
  CHECK_THROWS_AS(parse_selector("http_reqs{}"), ConfigError);
  CHECK_THROWS_AS(parse_selector("http_reqs{a:b}c"), ConfigError);
  CHECK_THROWS_AS(parse_selector("http_reqs{:b}"), ConfigError);
}

}  // namespace
}  // namespace perigee
