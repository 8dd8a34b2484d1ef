#include "engine/output/number_text.h"

#include <cmath>
#include <cstdio>
#include <random>

#include <doctest/doctest.h>

namespace perigee {
namespace {

std::string fixed(double value) {
  std::string row;
  append_fixed(row, value);
  return row;
}

std::string printf_fixed(double value) {
  char text[400];
  std::snprintf(text, sizeof text, "%f", value);
  return text;
}

TEST_CASE("values of rows have six decimals") {
  CHECK(fixed(0) == "0.000000");
  CHECK(fixed(1) == "1.000000");
  CHECK(fixed(-17) == "-17.000000");
  CHECK(fixed(-0.0) == "-0.000000");
  CHECK(fixed(12.3456789) == "12.345679");
  CHECK(fixed(0.0000004) == "0.000000");
  CHECK(fixed(0.999999999) == "1.000000");
  CHECK(fixed(1e15) == "1000000000000000.000000");
  CHECK(fixed(1e22) == "10000000000000000000000.000000");
}

TEST_CASE("six decimals are rounded as printf rounds them") {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> exponent(-9, 9);
  std::uniform_int_distribution<int64_t> halves(0, 2'000'000'000);
  int different = 0;
  for (int i = 0; i < 200'000; ++i) {
    const double any = std::pow(10, exponent(random));
    const double near_half = static_cast<double>(halves(random)) / 2e6;
    for (double value : {any, -any, near_half})
      different += fixed(value) == printf_fixed(value) ? 0 : 1;
  }
  CHECK(different == 0);
}

}  // namespace
}  // namespace perigee
