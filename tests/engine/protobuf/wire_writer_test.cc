#include "engine/protobuf/wire_writer.h"

#include <limits>
#include <string>

#include <doctest/doctest.h>

namespace perigee::protobuf {
namespace {

using namespace std::string_literals;

template <typename Write>
std::string written(Write write) {
  std::string out;
  WireWriter writer(out);
  write(writer);
  return out;
}

TEST_CASE("a varint field is its tag and seven bits per byte") {
  CHECK(written([](WireWriter& w) { w.uint_field(1, 150); }) == "\x08\x96\x01");
  CHECK(written([](WireWriter& w) { w.uint_field(16, 0); }) == "\x80\x01\x00"s);
  CHECK(written([](WireWriter& w) { w.bool_field(2, true); }) == "\x10\x01");
  CHECK(written([](WireWriter& w) { w.uint_field(1, std::numeric_limits<uint64_t>::max()); }) ==
        "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
}

TEST_CASE("a negative number takes ten bytes as an int and one as a sint") {
  CHECK(written([](WireWriter& w) { w.int_field(1, -1); }) ==
        "\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  CHECK(written([](WireWriter& w) { w.sint_field(1, -1); }) == "\x08\x01");
  CHECK(written([](WireWriter& w) { w.sint_field(1, 1); }) == "\x08\x02");
}

TEST_CASE("zigzag numbers come back as they were") {
  for (const int64_t number :
       {int64_t{0}, int64_t{-1}, int64_t{1}, int64_t{-2147483648},
        std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max()}) {
    CHECK(from_zigzag(zigzag(number)) == number);
  }
  CHECK(zigzag(std::numeric_limits<int64_t>::min()) == std::numeric_limits<uint64_t>::max());
}

TEST_CASE("fixed numbers lie with their lowest byte first") {
  CHECK(written([](WireWriter& w) { w.fixed32_field(1, 0x04030201); }) == "\x0d\x01\x02\x03\x04");
  CHECK(written([](WireWriter& w) { w.fixed64_field(1, 0x0807060504030201); }) ==
        "\x09\x01\x02\x03\x04\x05\x06\x07\x08");
  CHECK(written([](WireWriter& w) { w.float_field(1, 1.0F); }) == "\x0d\x00\x00\x80\x3f"s);
  CHECK(written([](WireWriter& w) { w.double_field(1, -2.0); }) ==
        "\x09\x00\x00\x00\x00\x00\x00\x00\xc0"s);
}

TEST_CASE("bytes have their length in front of them") {
  CHECK(written([](WireWriter& w) { w.bytes_field(2, "testing"); }) == "\x12\x07testing");
  CHECK(written([](WireWriter& w) { w.bytes_field(2, ""); }) == "\x12\x00"s);
}

TEST_CASE("a message within a message gets its length when it ends") {
  const auto nested = [](size_t content, size_t likely_size) {
    return written([&](WireWriter& w) {
      w.uint_field(1, 1);
      const WireWriter::Open outer = w.begin(3);
      const WireWriter::Open inner = w.begin(4, likely_size);
      w.bytes_field(5, std::string(content, 'x'));
      w.end(inner);
      w.end(outer);
      w.uint_field(2, 2);
    });
  };
  CHECK(nested(1, 0) == "\x08\x01\x1a\x05\x22\x03\x2a\x01x\x10\x02");
  const std::string long_one =
      "\x08\x01\x1a\xb2\x02\x22\xaf\x02\x2a\xac\x02" + std::string(300, 'x') + "\x10\x02";
  CHECK(nested(300, 0) == long_one);
  CHECK(nested(300, 300) == long_one);
  CHECK(nested(1, 300) == nested(1, 0));
}

TEST_CASE("packed values lie side by side") {
  CHECK(written([](WireWriter& w) {
          const WireWriter::Open open = w.begin(6);
          for (const uint64_t value : {3U, 270U, 86942U})
            w.varint(value);
          w.end(open);
        }) == "\x32\x06\x03\x8e\x02\x9e\xa7\x05");
}

TEST_CASE("the size of a varint is known before it is written") {
  for (const uint64_t value : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{16383},
                               uint64_t{16384}, std::numeric_limits<uint64_t>::max()}) {
    CHECK(written([&](WireWriter& w) { w.varint(value); }).size() == varint_size(value));
  }
}

}  // namespace
}  // namespace perigee::protobuf
