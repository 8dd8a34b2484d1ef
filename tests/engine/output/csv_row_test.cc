#include "engine/output/csv_row.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

namespace perigee {
namespace {

const CsvColumns kUsual{SystemTags()};

TEST_CASE("the header is k6's") {
  CHECK(kUsual.header() ==
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"
        "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n");
}

TEST_CASE("system tags have columns, others are extra tags") {
  CHECK(kUsual.tags({{"method", "GET"},
                     {"url", "http://a/"},
                     {"scenario", "s"},
                     {"tier", "gold"},
                     {"build", "7"}}) == ",,,,,,GET,,,s,,,,,http://a/,build=7&tier=gold,");
  CHECK(kUsual.tags({}) == ",,,,,,,,,,,,,,,,");
}

TEST_CASE("a row has as many columns as the header") {
  const std::string row = "metric,0,0.000000" + kUsual.tags({{"a", "b"}});
  CHECK(std::count(row.begin(), row.end(), ',') == 18);
  const std::string header = kUsual.header();
  CHECK(std::count(header.begin(), header.end(), ',') == 18);
}

TEST_CASE("fields are quoted where a reader needs it") {
  CHECK(csv_field("plain text") == "plain text");
  CHECK(csv_field("") == "");
  CHECK(csv_field("a,b") == "\"a,b\"");
  CHECK(csv_field("say \"hi\"") == "\"say \"\"hi\"\"\"");
  CHECK(csv_field("two\nlines") == "\"two\nlines\"");
  CHECK(csv_field(" leading") == "\" leading\"");
}

TEST_CASE("system tags that are off have no column, and tags of their name no place") {
  const CsvColumns columns(SystemTags({"url", "method", "vu", "ip"}));
  CHECK(columns.header() ==
        "metric_name,timestamp,metric_value,ip,method,url,extra_tags,metadata\n");
  CHECK(columns.tags({{"url", "/a"}, {"ip", "::1"}, {"name", "x"}, {"zone", "b"}}) ==
        ",::1,,/a,zone=b,");
}

}  // namespace
}  // namespace perigee
