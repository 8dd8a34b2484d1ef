#include "target/datatype.h"

#include <limits>

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("every datatype of the protocol is known by its name") {
  CHECK(parse_datatype("BOOL") == Datatype::kBool);
  CHECK(parse_datatype("UINT64") == Datatype::kUint64);
  CHECK(parse_datatype("FP16") == Datatype::kFp16);
  CHECK(parse_datatype("BYTES") == Datatype::kBytes);
  CHECK(parse_datatype("FP99") == std::nullopt);
  CHECK(parse_datatype("fp32") == std::nullopt);
  CHECK(datatype_name(Datatype::kInt32) == "INT32");
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

TEST_CASE("a real fits its datatype by magnitude") {
  CHECK(holds(Datatype::kFp16, 65504.0));
  CHECK_FALSE(holds(Datatype::kFp16, -65505.0));
  CHECK(holds(Datatype::kFp32, 3.4e38));
  CHECK_FALSE(holds(Datatype::kFp32, 3.5e38));
  CHECK(holds(Datatype::kFp64, 1e308));
  CHECK_FALSE(holds(Datatype::kFp64, std::numeric_limits<double>::infinity()));
}

}  // namespace
}  // namespace perigee
