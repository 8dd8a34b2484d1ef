#include "engine/metrics/selector.h"

#include <string>
#include <utility>

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

TEST_CASE("a value may hold braces and quotation marks") {
  CHECK(parse_selector("http_reqs{name:GET /items/{id}}").tags ==
        TagSet{{"name", "GET /items/{id}"}});
  CHECK(parse_selector("http_reqs{name:it's,method:GET}").tags ==
        TagSet{{"method", "GET"}, {"name", "it's"}});
  CHECK(parse_selector("http_reqs{name:say \"hi\"}").tags == TagSet{{"name", "say \"hi\""}});
  CHECK(parse_selector("http_reqs{name:'say \"a,b\"'}").tags == TagSet{{"name", "say \"a,b\""}});
  CHECK(parse_selector("http_reqs{name:\" a \"}").tags == TagSet{{"name", " a "}});
  CHECK(parse_selector("http_reqs{\"a,b\":c}").tags == TagSet{{"a,b", "c"}});
  CHECK(parse_selector("http_reqs{\"a:b\":c}").tags == TagSet{{"a:b", "c"}});
  CHECK(parse_selector("http_reqs{name:'it's, so'}").tags == TagSet{{"name", "it's, so"}});
}

std::string complaint(const char* selector) {
  try {
    parse_selector(selector);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("what names no metric is an error that shows how to") {
  CHECK(complaint("http_reqs{scenario}") ==
        "\"http_reqs{scenario}\" does not name a metric: the tag \"scenario\" has no value; write "
        "metric or metric{tag:value,other_tag:value}, where a value may hold colons, braces and "
        "quotation marks, and commas if it stands in quotation marks: {name:\"a,b\"}");
}

TEST_CASE("the error says what is wrong") {
  const std::pair<const char*, const char*> cases[] = {
      {"", "it begins with no name"},
      {"{a:b}", "it begins with no name"},
      {"http_reqs{", "its { has no }"},
      {"http_reqs{a:b", "its { has no }"},
      {"http_reqs}", "its } has no {"},
      {"http_reqs{}", "there is nothing between its braces"},
      {"http_reqs{ }", "there is nothing between its braces"},
      {"http_reqs{a:b}c", "something follows its last }"},
      {"http_reqs{:b}", "the value in \":b\" has no tag"},
      {"http_reqs{a:b,}", "the tag \"\" has no value"},
      {"http_reqs{name:a,b}", "the tag \"b\" has no value"},
      {"http_reqs{name:\"a,b}", "a quotation mark in it has no other one"},
      {"http_reqs{status=200}", "have a colon between them, as in status:200;"},
      {"http_reqs{status=~\"2..\"}", "have a colon between them, as in status:2..;"},
      {"http_reqs{status:200,status:404}", "the tag \"status\" stands in it twice"}};
  for (const auto& [selector, reason] : cases) {
    const std::string text = selector;
    INFO(text);
    const std::string why = complaint(selector);
    INFO(why);
    CHECK(why.find(reason) != std::string::npos);
  }
}

}  // namespace
}  // namespace perigee
