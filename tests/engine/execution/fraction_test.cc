#include "engine/execution/fraction.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

// "none" if it is no fraction.
std::string lowest_terms(const char* text) {
  const auto fraction = parse_fraction(text);
  return fraction ? fraction->text() : "none";
}

TEST_CASE("fractions are read as people write them and kept exactly") {
  CHECK(lowest_terms("0") == "0");
  CHECK(lowest_terms("1") == "1");
  CHECK(lowest_terms("10%") == "1/10");
  CHECK(lowest_terms("33.3%") == "333/1000");
  CHECK(lowest_terms("100%") == "1");
  CHECK(lowest_terms("2/6") == "1/3");
  CHECK(lowest_terms("4/2") == "2");
  CHECK(lowest_terms("0.2") == "1/5");
  CHECK(lowest_terms(".5") == "1/2");
  CHECK(lowest_terms("0.000000001") == "1/1000000000");
  CHECK(lowest_terms("999999999/1000000000") == "999999999/1000000000");
}

TEST_CASE("what is no fraction, or too fine to count with, is none") {
  for (const char* text :
       {"",     "%",    "/",   "1/",    "/2",           "1/0",          "-1",
        "-1/2", "1/-2", "a",   "1/2/3", "0.",           "1.2.3",        "1e-3",
        "10 %", " 1",   "0x1", "1/2%",  "0.0000000001", "1/1000000001", "99999999999999999999"}) {
    CAPTURE(text);
    CHECK(lowest_terms(text) == "none");
  }
}

TEST_CASE("fractions are ordered by their values") {
  CHECK(Fraction(1, 3) < Fraction(1, 2));
  CHECK(Fraction(999'999'998, 999'999'999) < Fraction(999'999'999, 1'000'000'000));
  CHECK(Fraction(2, 4) == Fraction(1, 2));
  CHECK(Fraction(1, 1) > Fraction());
}

}  // namespace
}  // namespace perigee
