#include "engine/tensor/datatype_bits.h"

#include <cmath>

#include <doctest/doctest.h>

#include "engine/tensor/datatype.h"

namespace perigee {
namespace {

TEST_CASE("the bits of FP16 are those that IEEE 754 gives") {
  CHECK(fp16_bits(0) == 0x0000);
  CHECK(fp16_bits(-0.0) == 0x8000);
  CHECK(fp16_bits(1) == 0x3c00);
  CHECK(fp16_bits(-2) == 0xc000);
  CHECK(fp16_bits(65504) == 0x7bff);
  CHECK(fp16_bits(0x1p-24) == 0x0001);
  CHECK(fp16_bits(0x1p-14) == 0x0400);
  CHECK(fp16_bits(HUGE_VAL) == 0x7c00);
  CHECK(fp16_bits(-HUGE_VAL) == 0xfc00);
  CHECK(fp16_bits(NAN) == 0x7e00);
  CHECK(from_fp16(0x3555) == doctest::Approx(1.0 / 3).epsilon(0.001));
}

TEST_CASE("every number of 16 bits is read and written as it was") {
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const double as_fp16 = from_fp16(half);
    if (!std::isnan(as_fp16)) {
      REQUIRE(fp16_bits(as_fp16) == half);
      REQUIRE(fp16_bits(to_datatype(Datatype::kFp16, as_fp16)) == half);
    }
    const double as_bf16 = from_bf16(half);
    if (!std::isnan(as_bf16)) {
      REQUIRE(bf16_bits(as_bf16) == half);
      REQUIRE(bf16_bits(to_datatype(Datatype::kBf16, as_bf16)) == half);
    }
  }
  CHECK(std::isnan(from_fp16(0x7e01)));
  CHECK(std::isnan(from_bf16(0x7fc1)));
  CHECK(from_bf16(0x3fc0) == 1.5);
}

// Numbers between and at all that 16 bits hold, and those halfway between two.
TEST_CASE("a real becomes the bits of the closest number, of two the even one") {
  for (uint32_t bits = 0; bits < 0x7c00; ++bits) {
    const double low = from_fp16(static_cast<uint16_t>(bits));
    // The next number, which FP16 would have if it went on.
    const double high = bits == 0x7bff ? 65536 : from_fp16(static_cast<uint16_t>(bits + 1));
    const double middle = (low + high) / 2;
    const auto even = static_cast<uint16_t>(bits + bits % 2);
    REQUIRE(fp16_bits(middle) == even);
    REQUIRE(fp16_bits(std::nextafter(middle, 0)) == bits);
    REQUIRE(fp16_bits(std::nextafter(middle, HUGE_VAL)) == bits + 1);
    REQUIRE(fp16_bits(-middle) == (even | 0x8000));
  }
  for (uint32_t bits = 0; bits < 0x7f7f; ++bits) {
    const double middle =
        (from_bf16(static_cast<uint16_t>(bits)) + from_bf16(static_cast<uint16_t>(bits + 1))) / 2;
    REQUIRE(bf16_bits(middle) == bits + bits % 2);
    REQUIRE(bf16_bits(std::nextafter(middle, 0)) == bits);
  }
}

TEST_CASE("what is too large for 16 bits becomes infinite, and what is too small zero") {
  for (const double value : {65520.0, 1e5, 1e300}) {
    CHECK(fp16_bits(value) == 0x7c00);
    CHECK(fp16_bits(-value) == 0xfc00);
  }
  CHECK(bf16_bits(0x1.ffp127) == 0x7f80);
  CHECK(bf16_bits(-1e300) == 0xff80);
  CHECK(std::isnan(from_bf16(bf16_bits(NAN))));
  for (const double value : {0x1p-25, 1e-300, 5e-324}) {
    CHECK(fp16_bits(value) == 0);
    CHECK(fp16_bits(-value) == 0x8000);
  }
}

}  // namespace
}  // namespace perigee
