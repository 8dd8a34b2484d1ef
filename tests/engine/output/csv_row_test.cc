#include "engine/output/csv_row.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using namespace std::chrono_literals;

std::string value_text(double value) {
  std::string row;
  append_value(row, value);
  return row;
}

std::string time_text(WallTime time, CsvTimeFormat format) {
  std::string row;
  append_time(row, time, format);
  return row;
}

TEST_CASE("the header is k6's") {
  CHECK(csv_header() ==
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"
        "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata\n");
}

TEST_CASE("system tags have columns, others are extra tags") {
  CHECK(csv_tags({{"method", "GET"},
                  {"url", "http://a/"},
                  {"scenario", "s"},
                  {"tier", "gold"},
                  {"build", "7"}}) == ",,,,,,GET,,,s,,,,,http://a/,build=7&tier=gold,\n");
  CHECK(csv_tags({}) == ",,,,,,,,,,,,,,,,\n");
}

TEST_CASE("a row has as many columns as the header") {
  const std::string row = "metric,0,0.000000" + csv_tags({{"a", "b"}});
  CHECK(std::count(row.begin(), row.end(), ',') == 18);
  const std::string header = csv_header();
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

TEST_CASE("values have six decimals") {
  CHECK(value_text(0) == "0.000000");
  CHECK(value_text(1) == "1.000000");
  CHECK(value_text(-17) == "-17.000000");
  CHECK(value_text(-0.0) == "-0.000000");
  CHECK(value_text(12.3456789) == "12.345679");
  CHECK(value_text(0.0000004) == "0.000000");
  CHECK(value_text(1e15) == "1000000000000000.000000");
  CHECK(value_text(1e22) == "10000000000000000000000.000000");
}

TEST_CASE("times are written in each of k6's formats") {
  const WallTime time = WallTime(1'700'000'000s) + 123'456'700ns;
  CHECK(time_text(time, CsvTimeFormat::kUnix) == "1700000000");
  CHECK(time_text(time, CsvTimeFormat::kUnixMilli) == "1700000000123");
  CHECK(time_text(time, CsvTimeFormat::kUnixMicro) == "1700000000123456");
  CHECK(time_text(time, CsvTimeFormat::kUnixNano) == "1700000000123456700");
  CHECK(time_text(time, CsvTimeFormat::kRfc3339) == "2023-11-14T22:13:20Z");
  CHECK(time_text(time, CsvTimeFormat::kRfc3339Nano) == "2023-11-14T22:13:20.1234567Z");
  CHECK(time_text(WallTime(1'700'000'000s), CsvTimeFormat::kRfc3339Nano) == "2023-11-14T22:13:20Z");
}

}  // namespace
}  // namespace perigee
