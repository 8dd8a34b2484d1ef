#include "engine/base/json_text.h"

#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace perigee {
namespace {

std::string number(double value) {
  std::string text;
  append_json_number(text, value);
  return text;
}

TEST_CASE("whole numbers have all their digits up to 1e21") {
  CHECK(number(0) == "0");
  CHECK(number(-0.0) == "0");
  CHECK(number(-17) == "-17");
  CHECK(number(9007199254740992) == "9007199254740992");
  CHECK(number(1e16) == "10000000000000000");
  CHECK(number(1764452345123456768) == "1764452345123456768");
  CHECK(number(std::pow(2, 63)) == "9223372036854775808");
  CHECK(number(std::pow(2, 64)) == "18446744073709551616");
  CHECK(number(1e20) == "100000000000000000000");
  CHECK(number(-9.99e20) == "-999000000000000000000");
  CHECK(number(1e21) == "1e+21");
  CHECK(number(1.5e300) == "1.5e+300");
}

TEST_CASE("other numbers are as short as can be and read back as they were") {
  CHECK(number(-2.5) == "-2.5");
  CHECK(number(19.619277) == "19.619277");
  CHECK(number(0.1 + 0.2) == "0.30000000000000004");
  std::mt19937_64 random(3);
  for (int i = 0; i < 10'000; ++i) {
    const double value = std::ldexp(std::uniform_real_distribution(-1.0, 1.0)(random),
                                    std::uniform_int_distribution(-200, 200)(random));
    CHECK(std::strtod(number(value).c_str(), nullptr) == value);
  }
}

TEST_CASE("what is no finite number is null") {
  CHECK(number(std::nan("")) == "null");
  CHECK(number(-std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("strings are escaped, and bytes that are not UTF-8 replaced and reported") {
  JsonRepairs repairs;
  std::string text;
  append_json_string(text, "a\"b\\c\n\t\b\x01\x7f\xc3\xa4", &repairs);
  CHECK(text == "\"a\\\"b\\\\c\\n\\t\\b\\u0001\x7f\xc3\xa4\"");
  CHECK(repairs.strings == 0);
  text.clear();
  append_json_string(text, "caf\xe9 \xe2\x82!", &repairs);
  append_json_string(text, "\xff\xff", &repairs);
  CHECK(text == "\"caf\xef\xbf\xbd \xef\xbf\xbd!\"\"\xef\xbf\xbd\xef\xbf\xbd\"");
  CHECK(repairs.strings == 2);
  CHECK(repairs.first == "caf\\xe9 \\xe2\\x82!");
}

TEST_CASE("values are written as the library does, but for their numbers") {
  const auto value =
      nlohmann::json::parse(R"({"b":[1,-2.5,"x\n",null,true,{}],"a":[],"c":{"d":7}})");
  CHECK(json_text(value) == value.dump());
  CHECK(json_text(value, 2) == value.dump(2));
  CHECK(json_text(nlohmann::ordered_json{{"b", 1.0}, {"a", 1e18}}) ==
        R"({"b":1,"a":1000000000000000000})");
}

}  // namespace
}  // namespace perigee
