#include "engine/tensor/datatype.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("every datatype of the protocol is known by its name") {
  CHECK(parse_datatype("BOOL") == Datatype::kBool);
  CHECK(parse_datatype("UINT64") == Datatype::kUint64);
  CHECK(parse_datatype("FP16") == Datatype::kFp16);
  CHECK(parse_datatype("BF16") == Datatype::kBf16);
  CHECK(parse_datatype("BYTES") == Datatype::kBytes);
  CHECK(parse_datatype("FP99") == std::nullopt);
  CHECK(parse_datatype("fp32") == std::nullopt);
  CHECK(datatype_name(Datatype::kInt32) == "INT32");
  CHECK(is_real(Datatype::kBf16));
  CHECK_FALSE(is_real(Datatype::kInt64));
  CHECK_FALSE(is_real(Datatype::kBytes));
}

TEST_CASE("an integer fits its datatype up to both ends of its range") {
  CHECK(holds(Datatype::kInt8, int64_t{-128}));
  CHECK_FALSE(holds(Datatype::kInt8, int64_t{-129}));
  CHECK(holds(Datatype::kInt8, int64_t{127}));
  CHECK_FALSE(holds(Datatype::kInt8, int64_t{128}));
  CHECK_FALSE(holds(Datatype::kUint32, int64_t{-1}));
  CHECK(holds(Datatype::kUint32, uint64_t{4294967295}));
  CHECK_FALSE(holds(Datatype::kUint32, uint64_t{4294967296}));
  CHECK(holds(Datatype::kInt64, std::numeric_limits<int64_t>::min()));
  CHECK_FALSE(holds(Datatype::kInt64, uint64_t{9223372036854775808U}));
  CHECK(holds(Datatype::kUint64, uint64_t{18446744073709551615U}));
}

TEST_CASE("a real is rounded to its datatype, and infinite only if that is too large") {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  struct {
    Datatype datatype;
    double value, rounded;
  } cases[] = {{Datatype::kFp16, 65504, 65504},
               {Datatype::kFp16, -65519.9, -65504},
               {Datatype::kFp16, 65520, kInfinite},
               {Datatype::kFp16, -1e300, -kInfinite},
               {Datatype::kFp16, 0.1, 0x1.998p-4},
               {Datatype::kFp16, 2049, 2048},
               {Datatype::kFp16, 2051, 2052},
               {Datatype::kFp16, 0x1p-24, 0x1p-24},
               {Datatype::kFp16, 0x1p-25, 0},
               {Datatype::kFp16, 0x1.8p-25, 0x1p-24},
               {Datatype::kBf16, 3.3895e38, 0x1.fep127},
               {Datatype::kBf16, 3.3962e38, kInfinite},
               {Datatype::kBf16, 257, 256},
               {Datatype::kBf16, 0x1p-133, 0x1p-133},
               {Datatype::kFp32, 3.4028235e38, 0x1.fffffep127},
               {Datatype::kFp32, 3.4028235677973362e38, 0x1.fffffep127},
               {Datatype::kFp32, 3.4028235677973366e38, kInfinite},
               {Datatype::kFp32, -3.5e38, -kInfinite},
               {Datatype::kFp32, 0.1, 0.1F},
               {Datatype::kFp64, 1e308, 1e308},
               {Datatype::kFp64, kInfinite, kInfinite}};
  for (const auto& [datatype, value, rounded] : cases) {
    const double given = value;
    CAPTURE(given);
    CHECK(to_datatype(datatype, given) == rounded);
  }
  CHECK(std::isnan(to_datatype(Datatype::kFp16, std::numeric_limits<double>::quiet_NaN())));
  CHECK(std::signbit(to_datatype(Datatype::kFp16, -0.0)));
}

TEST_CASE("a real is written with the digits that its datatype needs") {
  const auto text = [](Datatype datatype, double value) {
    std::string out = "[";
    append_shortest(out, datatype, to_datatype(datatype, value));
    return out.substr(1);
  };
  CHECK(text(Datatype::kFp16, 0.1) == "0.1");
  CHECK(text(Datatype::kFp16, 65504) == "65504");
  CHECK(text(Datatype::kFp16, 0x1p-24) == "6e-08");
  CHECK(text(Datatype::kBf16, 0.1) == "0.1");
  CHECK(text(Datatype::kBf16, 3.14159) == "3.14");
  CHECK(text(Datatype::kFp32, 3.4028234663852886e38) == "3.4028235e+38");
  CHECK(text(Datatype::kFp64, 0.1F) == "0.10000000149011612");
  CHECK(text(Datatype::kFp64, 1e16) == "10000000000000000");
}

TEST_CASE("every FP16 and BF16 number is given back by its text") {
  struct {
    Datatype datatype;
    int fraction_bits, min_exponent;
    unsigned largest;  // as its bits
  } formats[] = {{Datatype::kFp16, 10, -14, 0x7bff}, {Datatype::kBf16, 7, -126, 0x7f7f}};
  for (const auto& [datatype, fraction_bits, min_exponent, largest] : formats) {
    int wrong = 0;
    for (unsigned bits = 0; bits <= largest; ++bits) {
      const unsigned one = 1U << fraction_bits;
      const unsigned exponent = bits / one;
      const unsigned fraction = bits % one + (exponent == 0 ? 0 : one);
      const double value = std::ldexp(
          fraction, static_cast<int>(std::max(exponent, 1U)) - 1 + min_exponent - fraction_bits);
      std::string text;
      append_shortest(text, datatype, value);
      const bool same =
          to_datatype(datatype, value) == value && to_datatype(datatype, std::stod(text)) == value;
      if (!same) ++wrong;
    }
    CHECK(wrong == 0);
  }
}

}  // namespace
}  // namespace perigee
