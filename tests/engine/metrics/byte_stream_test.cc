#include "engine/metrics/byte_stream.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include <doctest/doctest.h>

namespace perigee {
namespace {

TEST_CASE("numbers come back as they were written") {
  ByteWriter writer;
  writer.number(0);
  writer.number(127);
  writer.number(128);
  writer.number(std::numeric_limits<uint64_t>::max());
  writer.signed_number(-1);
  writer.signed_number(std::numeric_limits<int64_t>::min());
  writer.signed_number(std::numeric_limits<int64_t>::max());
  writer.real(-0.1);
  writer.text("é\n");
  const std::string bytes = writer.take();
  ByteReader reader(bytes);
  CHECK(reader.number() == 0);
  CHECK(reader.number() == 127);
  CHECK(reader.number() == 128);
  CHECK(reader.number() == std::numeric_limits<uint64_t>::max());
  CHECK(reader.signed_number() == -1);
  CHECK(reader.signed_number() == std::numeric_limits<int64_t>::min());
  CHECK(reader.signed_number() == std::numeric_limits<int64_t>::max());
  CHECK(reader.real() == -0.1);
  CHECK(reader.text() == "é\n");
  CHECK(reader.at_end());
}

TEST_CASE("a real number is eight bytes, the lowest first") {
  ByteWriter writer;
  writer.real(1.0);
  CHECK(writer.take() == std::string("\0\0\0\0\0\0\xf0\x3f", 8));
}

TEST_CASE("small numbers are short") {
  ByteWriter writer;
  writer.number(5);
  writer.signed_number(-5);
  CHECK(writer.take() == "\x05\x09");
}

TEST_CASE("bytes that end early are noticed") {
  CHECK_THROWS_AS(ByteReader("").byte(), std::runtime_error);
  CHECK_THROWS_AS(ByteReader("\x80").number(), std::runtime_error);
  CHECK_THROWS_AS(ByteReader("1234567").real(), std::runtime_error);
  CHECK_THROWS_AS(ByteReader("\x05"
                             "four")
                      .text(),
                  std::runtime_error);
  CHECK_THROWS_AS(ByteReader("\x09"
                             "short")
                      .count(),
                  std::runtime_error);
}

TEST_CASE("a number of more than ten bytes is malformed") {
  CHECK_THROWS_AS(ByteReader("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01").number(),
                  std::runtime_error);
}

}  // namespace
}  // namespace perigee
