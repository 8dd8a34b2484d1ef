#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include "engine/protobuf/wire_writer.h"
#include "tests/scripting/protobuf/codec_fixture.h"

namespace perigee {
namespace {

using namespace std::string_literals;
using protobuf::WireType;
using protobuf::WireWriter;

TEST_CASE_FIXTURE(CodecFixture, "lists are read packed and unpacked, and in pieces") {
  CHECK(holds("everything.Lists", "\x18\x01\x18\x02"s, "v.int32s[1] == 1 and v.int32s[2] == 2"));
  CHECK(holds("everything.Lists", "\x1a\x02\x01\x02\x18\x03\x1a\x01\x04"s,
              "table.concat(v.int32s, ' ') == '1 2 3 4'"));
  CHECK(holds("legacy.Old", "\x08\x01\x22\x02\x05\x06"s, "table.concat(v.numbers, ' ') == '5 6'"));
  // Between its elements come those of another list.
  CHECK(holds("everything.Lists", "\x72\x01\x61\x18\x01\x72\x01\x62\x18\x02"s,
              "table.concat(v.strings) == 'ab' and table.concat(v.int32s) == '12'"));
}

TEST_CASE_FIXTURE(CodecFixture, "the last value of a field counts, and of a oneof the last field") {
  CHECK(holds("everything.Scalars", "\x18\x01\x18\x02"s, "v.an_int32 == 2"));
  const std::string choice =
      reference("everything.Choice", "number: 1") + reference("everything.Choice", "text: 'a'");
  CHECK(decoded("everything.Choice", choice) == R"({"before":"","text":"a"})");
}

TEST_CASE_FIXTURE(CodecFixture, "a message in several parts is put together") {
  const std::string parts =
      reference("everything.Node", "next { name: 'a' children { name: 'x' } }") +
      reference("everything.Node", "name: 'n' next { children { name: 'y' } }") +
      reference("everything.Node", "next { name: 'b' }");
  CHECK(decoded("everything.Node", parts) ==
        R"({"children":[],"name":"n","next":{"children":[{"children":[],"name":"x"},)"
        R"({"children":[],"name":"y"}],"name":"b"}})");
}

TEST_CASE_FIXTURE(CodecFixture, "unknown fields are passed over, and fields of other wire types") {
  std::string bytes;
  WireWriter writer(bytes);
  writer.uint_field(900, 1);
  writer.bytes_field(901, "x");
  writer.tag(902, WireType::kGroupStart);
  writer.fixed64_field(1, 1);
  writer.tag(902, WireType::kGroupEnd);
  writer.uint_field(1, 5);  // name is a string
  CHECK(decoded("everything.Node", bytes) == R"({"children":[],"name":""})");
}

TEST_CASE_FIXTURE(CodecFixture,
                  "an unknown value of an enum is its number, and none of a closed one") {
  CHECK(holds("everything.Scalars", reference("everything.Scalars", "a_colour: 77"),
              "v.a_colour == 77"));
  const std::string old = "\x08\x01\x18\x07\x40\x01\x40\x07\x40\x02"s;
  CHECK(holds("legacy.Old", old, "v.closed == nil and table.concat(v.all_closed) == 'ONETWO'"));
}

TEST_CASE_FIXTURE(CodecFixture, "what is wrong with bytes is named with its path") {
  CHECK(decoded("everything.Node", "\x0a\x05x") == "name: truncated");
  CHECK(decoded("everything.Node", "\x12\x02\x0a\x05") == "children[1].name: truncated");
  CHECK(decoded("everything.Node", "\xff") == "truncated");
  CHECK(decoded("everything.Node", "\x0f") == "a tag that does not exist");
  CHECK(decoded("everything.Lists", "\x1a\x01\x80"s) == "int32s: truncated");
  CHECK(decoded("everything.Maps", "\x0a\x02\x0a\x05"s) == "by_string: truncated");
  CHECK(decoded("everything.Maps", "\x42\x05\x0a\x01k\x12\x00"s).starts_with("{"));
  CHECK(decoded("everything.Maps", "\x42\x07\x0a\x01k\x12\x02\x72\x05"s) ==
        "messages[\"k\"].a_string: truncated");
  CHECK(decoded("everything.WellKnown", "\x0a\x01\x08"s) == "timestamp: truncated");
}

TEST_CASE_FIXTURE(CodecFixture, "a string of proto3 that is not UTF-8 is refused") {
  CHECK(decoded("everything.Scalars", "\x72\x01\xe9") == "a_string: a string that is not UTF-8");
  CHECK(holds("everything.Scalars", "\x7a\x01\xe9", "v.a_bytes == '\\233'"));
  CHECK(holds("legacy.Old", "\x08\x01\x12\x01\xe9", "v.text == '\\233'"));
}

TEST_CASE_FIXTURE(CodecFixture, "a required field that is missing is refused") {
  CHECK(decoded("legacy.Old", "") == "id is missing, which legacy.Old requires");
  CHECK(decoded("legacy.Old", "\x08\x01\x3b\x3c"s) ==
        "row[1]: cell is missing, which legacy.Old.Row requires");
}

TEST_CASE_FIXTURE(CodecFixture, "messages are read down to a depth") {
  const auto nested = [](int depth) {
    std::string bytes;
    for (int i = 0; i < depth; ++i) {
      std::string outer;
      WireWriter(outer).bytes_field(3, bytes);
      bytes = std::move(outer);
    }
    return bytes;
  };
  CHECK(decoded("everything.Node", nested(99)).starts_with("{"));
  CHECK(decoded("everything.Node", nested(100)).ends_with("messages are nested too deeply"));
  CHECK(decoded("everything.Node", nested(20000)).ends_with("messages are nested too deeply"));
}

// Numbers that look like chance and are the same in every run.
class Dice {
 public:
  uint32_t roll(uint32_t sides) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<uint32_t>(state_ >> 33) % sides;
  }

 private:
  uint64_t state_ = 1;
};

// Compares what is taken and what is refused with libprotobuf.
void compare(CodecFixture& fixture, const std::string& type, const std::string& bytes) {
  const std::string error = fixture.decode_error(type, bytes);
  if (error.find("more than 64 bits") != std::string::npos) return;  // libprotobuf cuts them off
  CAPTURE(error);
  CHECK(error.empty() == (fixture.read_by_reference(type, bytes) != "not such a message"));
}

constexpr const char* kTypes[] = {"everything.Scalars", "everything.Lists", "everything.Maps",
                                  "everything.Choice",  "everything.Node",  "legacy.Old"};

std::string sample(CodecFixture& fixture, const std::string& type) {
  if (type == "everything.Scalars") {
    return fixture.reference(type,
                             "a_double: 1 an_int64: -1 a_uint32: 300 a_string: 'text' "
                             "a_bytes: 'bytes' a_colour: BLUE a_fixed32: 7");
  }
  if (type == "everything.Lists") {
    return fixture.reference(type,
                             "doubles: [1, 2] int32s: [-1, 300] strings: ['a', 'bc'] "
                             "messages { a_string: 'x' } unpacked: [1, 2]");
  }
  if (type == "everything.Maps") {
    return fixture.reference(type,
                             "by_string { key: 'a' value: 1 } by_int64 { key: 1 value: 'x' } "
                             "messages { key: 'm' value { an_int32: 5 } }");
  }
  if (type == "legacy.Old") {
    return fixture.reference(type,
                             "id: 1 Details { size: 5 names: 'n' } Row { cell: 6 } "
                             "packed_numbers: [1, 2] nested { id: 2 } [legacy.note]: 'x'");
  }
  if (type == "everything.Choice") {
    return fixture.reference(type, "before: 'b' message { a_sint64: -3 a_string: 'y' }");
  }
  return fixture.reference(type, "name: 'n' children { name: 'c' children {} } next { name: 'd' }");
}

TEST_CASE_FIXTURE(CodecFixture, "messages cut anywhere are taken and refused as by libprotobuf") {
  for (const std::string type : kTypes) {
    const std::string bytes = sample(*this, type);
    for (size_t size = 0; size <= bytes.size(); ++size) {
      CAPTURE(type);
      CAPTURE(size);
      compare(*this, type, bytes.substr(0, size));
    }
  }
}

TEST_CASE_FIXTURE(CodecFixture,
                  "messages with wrong bytes are taken and refused as by libprotobuf") {
  Dice dice;
  for (const std::string type : kTypes) {
    const std::string bytes = sample(*this, type);
    for (int round = 0; round < 2000; ++round) {
      std::string damaged = bytes;
      for (uint32_t i = 0; i <= dice.roll(3); ++i) {
        damaged[dice.roll(static_cast<uint32_t>(damaged.size()))] =
            static_cast<char>(dice.roll(256));
      }
      CAPTURE(type);
      CAPTURE(round);
      compare(*this, type, damaged);
    }
  }
}

}  // namespace
}  // namespace perigee
