#include "target/inference/raw_values.h"

#include <cmath>

#include <doctest/doctest.h>

#include "target/bad_request.h"

namespace perigee {
namespace {

Tensor tensor(Datatype datatype, Shape shape) {
  return {.name = "x", .datatype = datatype, .shape = std::move(shape), .values = {}};
}

Tensor read(Datatype datatype, Shape shape, std::string_view bytes) {
  Tensor result = tensor(datatype, std::move(shape));
  read_raw_values(bytes, result);
  return result;
}

std::string written(const Tensor& tensor) {
  std::string out;
  append_raw_values(out, tensor);
  CHECK(raw_size(tensor) == out.size());
  return out;
}

std::string error_of(Datatype datatype, Shape shape, std::string_view bytes) {
  try {
    read(datatype, std::move(shape), bytes);
    return "";
  } catch (const BadRequest& error) {
    return error.what();
  }
}

TEST_CASE("whole numbers of each size are read with their sign and written as they were") {
  struct Case {
    Datatype datatype;
    std::string bytes;
    Integers values;
  };
  using namespace std::string_literals;
  const std::vector<Case> cases{
      {Datatype::kBool, "\0\1"s, {0, 1}},
      {Datatype::kUint8, "\0\xff"s, {0, 255}},
      {Datatype::kInt8, "\x80\x7f"s, {-128, 127}},
      {Datatype::kUint16, "\0\0\xff\xff"s, {0, 65535}},
      {Datatype::kInt16, "\0\x80\xff\x7f"s, {-32768, 32767}},
      {Datatype::kUint32, "\1\0\0\0\xff\xff\xff\xff"s, {1, 4294967295}},
      {Datatype::kInt32, "\0\0\0\x80\xff\xff\xff\x7f"s, {INT32_MIN, INT32_MAX}},
      {Datatype::kUint64, "\xff\xff\xff\xff\xff\xff\xff\xff\2\0\0\0\0\0\0\0"s, {-1, 2}},
      {Datatype::kInt64, "\0\0\0\0\0\0\0\x80\2\0\0\0\0\0\0\0"s, {INT64_MIN, 2}},
  };
  for (const auto& [datatype, bytes, values] : cases) {
    const Tensor result = read(datatype, {2}, bytes);
    CHECK(result.integers() == values);
    CHECK(written(result) == bytes);
  }
}

TEST_CASE("a truth value is any byte but zero") {
  CHECK(read(Datatype::kBool, {2}, "\2\xff").integers() == Integers{1, 1});
}

TEST_CASE("real numbers of each size are read and written as they were") {
  using namespace std::string_literals;
  const auto check = [](Datatype datatype, const std::string& bytes, const Reals& values) {
    const Tensor result = read(datatype, {static_cast<int64_t>(values.size())}, bytes);
    CHECK(result.reals() == values);
    CHECK(written(result) == bytes);
  };
  check(Datatype::kFp16, "\0\x3c\0\xc0\0\x7c"s, {1, -2, HUGE_VAL});
  check(Datatype::kBf16, "\x80\x3f\0\xc0"s, {1, -2});
  check(Datatype::kFp32, "\0\0\x80\x3f\0\0\x80\xff"s, {1, -HUGE_VAL});
  check(Datatype::kFp64, "\0\0\0\0\0\0\xf0\x3f"s, {1});
  CHECK(std::isnan(read(Datatype::kFp32, {1}, "\0\0\xc0\x7f"s).reals()[0]));
}

TEST_CASE("texts have their length before them, and any bytes in them") {
  using namespace std::string_literals;
  const std::string bytes = "\3\0\0\0a\0\xff\0\0\0\0"s;
  const Tensor result = read(Datatype::kBytes, {2}, bytes);
  CHECK(result.texts() == Texts{"a\0\xff"s, ""});
  CHECK(written(result) == bytes);
}

TEST_CASE("bytes that are more or less than the shape holds are refused") {
  using namespace std::string_literals;
  CHECK(error_of(Datatype::kFp32, {1, 2}, "1234") ==
        "input \"x\" has 4 bytes of raw contents; its shape [1,2] of FP32 holds 8");
  CHECK(error_of(Datatype::kInt8, {}, "12") ==
        "input \"x\" has 2 bytes of raw contents; its shape [] of INT8 holds 1");
  const std::string text =
      "input \"x\": its raw contents are not 1 texts with four bytes of length before each";
  for (const std::string& bytes :
       {""s, "\1\0\0"s, "\5\0\0\0a"s, "\1\0\0\0ab"s, "\1\0\0\0a\1\0\0\0b"s, "\xff\xff\xff\xff"s}) {
    CHECK(error_of(Datatype::kBytes, {1}, bytes) == text);
  }
}

TEST_CASE("a shape that is none is refused before anything is made of it") {
  CHECK(error_of(Datatype::kFp32, {-1}, "") == "input \"x\": -1 is not a size");
  const std::string large = "input \"x\" is larger than any request may be";
  CHECK(error_of(Datatype::kInt8, {INT64_MAX}, "") == large);
  CHECK(error_of(Datatype::kInt8, {1 << 30, 1 << 30, 1 << 30}, "") == large);
  CHECK(error_of(Datatype::kBytes, {1 << 26}, "").find("not 67108864 texts") != std::string::npos);
  CHECK(read(Datatype::kFp32, {0, 4}, "").reals().empty());
}

}  // namespace
}  // namespace perigee
