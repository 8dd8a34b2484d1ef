#include "target/grpc/typed_values.h"

#include <doctest/doctest.h>

#include "target/bad_request.h"
#include "target/grpc/inference_fields.h"
#include "target/grpc/malformed_message.h"

namespace perigee {
namespace {

using namespace inference_fields;
using protobuf::WireType;
using protobuf::WireWriter;

Tensor tensor(Datatype datatype, int64_t size) {
  return {.name = "x", .datatype = datatype, .shape = {size}, .values = {}};
}

// Written as contents and read again.
Tensor again(const Tensor& given) {
  std::string contents;
  WireWriter writer(contents);
  write_typed_values(writer, given);
  Tensor result = tensor(given.datatype, given.shape.front());
  read_typed_values(contents, result);
  return result;
}

std::string error_of(Tensor given, std::string_view contents) {
  try {
    read_typed_values(contents, given);
    return "";
  } catch (const BadRequest& error) {
    return error.what();
  } catch (const MalformedMessage& error) {
    return error.what();
  }
}

std::string packed(uint32_t list, const std::vector<int64_t>& values) {
  std::string out;
  WireWriter writer(out);
  const auto open = writer.begin(list);
  for (const int64_t value : values)
    writer.varint(static_cast<uint64_t>(value));
  writer.end(open);
  return out;
}

TEST_CASE("values of each datatype with typed contents come back as they were") {
  struct Range {
    Datatype datatype;
    Integers values;
  };
  const std::vector<Range> ranges{
      {Datatype::kBool, {0, 1}},          {Datatype::kInt8, {-128, 127}},
      {Datatype::kInt16, {-32768, 7}},    {Datatype::kInt32, {INT32_MIN, INT32_MAX}},
      {Datatype::kInt64, {INT64_MIN, 5}}, {Datatype::kUint8, {0, 255}},
      {Datatype::kUint16, {0, 65535}},    {Datatype::kUint32, {0, UINT32_MAX}},
      {Datatype::kUint64, {-1, 5}},
  };
  for (const auto& [datatype, values] : ranges) {
    Tensor given = tensor(datatype, 2);
    given.values = values;
    CHECK(again(given).integers() == values);
  }
  for (const Datatype datatype : {Datatype::kFp32, Datatype::kFp64}) {
    Tensor given = tensor(datatype, 2);
    given.values = Reals{-0.5, 1e30f};
    CHECK(again(given).reals() == given.reals());
  }
  Tensor texts = tensor(Datatype::kBytes, 2);
  texts.values = Texts{"", std::string("a\0b", 3)};
  CHECK(again(texts).texts() == texts.texts());
}

TEST_CASE("values may be packed, one by one, or both") {
  std::string contents = packed(kIntContents, {1, -2});
  WireWriter writer(contents);
  writer.int_field(kIntContents, 3);
  contents += packed(kIntContents, {4});
  Tensor result = tensor(Datatype::kInt32, 4);
  read_typed_values(contents, result);
  CHECK(result.integers() == Integers{1, -2, 3, 4});
  contents.clear();
  writer.float_field(kFp32Contents, 1.5F);
  Tensor real = tensor(Datatype::kFp32, 1);
  read_typed_values(contents, real);
  CHECK(real.reals() == Reals{1.5});
}

TEST_CASE("what FP16 and BF16 have no contents for is said") {
  CHECK(!has_typed_values(Datatype::kFp16));
  CHECK(error_of(tensor(Datatype::kBf16, 1), "") ==
        "input \"x\" is BF16, which has no typed contents; send its values in raw_input_contents");
}

TEST_CASE("contents of another kind, number or range are refused") {
  CHECK(error_of(tensor(Datatype::kInt64, 1), packed(kIntContents, {1})) ==
        "input \"x\" has int_contents; values of INT64 belong in int64_contents");
  CHECK(error_of(tensor(Datatype::kInt32, 2), packed(kIntContents, {1})) ==
        "input \"x\" has 1 value in its contents; its shape [2] holds 2");
  CHECK(error_of(tensor(Datatype::kInt32, 2), "") ==
        "input \"x\" has 0 values in its contents; its shape [2] holds 2");
  CHECK(error_of(tensor(Datatype::kInt8, 2), packed(kIntContents, {1, 128})) ==
        "input \"x\": value 1 of int_contents is 128, outside the range of INT8");
  CHECK(error_of(tensor(Datatype::kUint16, 1), packed(kUintContents, {65536})) ==
        "input \"x\": value 0 of uint_contents is 65536, outside the range of UINT16");
}

TEST_CASE("contents that are cut off are malformed") {
  const std::string whole = packed(kIntContents, {1, 300});
  for (size_t size = 1; size < whole.size(); ++size) {
    CHECK(error_of(tensor(Datatype::kInt32, 2), whole.substr(0, size))
              .starts_with("the request is not the method's message: "));
  }
}

}  // namespace
}  // namespace perigee
