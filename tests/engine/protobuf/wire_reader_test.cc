#include "engine/protobuf/wire_reader.h"

#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/protobuf/wire_writer.h"

namespace perigee::protobuf {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

// The fault of a message none of whose fields is known.
WireFault fault_of(std::string_view bytes) {
  WireReader reader(bytes);
  while (reader.next()) {
  }
  return reader.fault();
}

std::string nested_groups(size_t depth) {
  std::string bytes;
  WireWriter writer(bytes);
  for (size_t i = 0; i < depth; ++i)
    writer.tag(1, WireType::kGroupStart);
  for (size_t i = 0; i < depth; ++i)
    writer.tag(1, WireType::kGroupEnd);
  return bytes;
}

TEST_CASE("fields come with their number, their type and their value") {
  std::string bytes;
  WireWriter writer(bytes);
  writer.uint_field(1, 300);
  writer.fixed32_field(2, 7);
  writer.fixed64_field(3, 8);
  writer.bytes_field(kMaxFieldNumber, "abc");
  WireReader reader(bytes);
  REQUIRE(reader.next());
  CHECK(reader.field() == 1);
  CHECK(reader.varint() == 300);
  REQUIRE(reader.next());
  CHECK(reader.type() == WireType::kFixed32);
  CHECK(reader.fixed32() == 7);
  REQUIRE(reader.next());
  CHECK(reader.fixed64() == 8);
  REQUIRE(reader.next());
  CHECK(reader.field() == kMaxFieldNumber);
  CHECK(reader.bytes() == "abc");
  CHECK_FALSE(reader.next());
  CHECK_FALSE(reader.failed());
}

TEST_CASE("a value that nobody reads is skipped") {
  std::string bytes;
  WireWriter writer(bytes);
  writer.uint_field(1, 300);
  writer.fixed32_field(2, 7);
  writer.fixed64_field(3, 8);
  writer.bytes_field(4, "abc");
  writer.tag(5, WireType::kGroupStart);
  writer.uint_field(6, 1);
  writer.tag(7, WireType::kGroupStart);
  writer.tag(7, WireType::kGroupEnd);
  writer.tag(5, WireType::kGroupEnd);
  writer.uint_field(8, 42);
  WireReader reader(bytes);
  std::vector<uint32_t> fields;
  while (reader.next())
    fields.push_back(reader.field());
  CHECK(fields == std::vector<uint32_t>{1, 2, 3, 4, 5, 8});
  CHECK_FALSE(reader.failed());
}

TEST_CASE("a message that is cut anywhere within a field is truncated") {
  std::string bytes;
  std::set<size_t> ends{0};  // of fields, where the message may end as well
  WireWriter writer(bytes);
  for (const uint64_t value : {uint64_t{1}, uint64_t{300}, ~uint64_t{0}}) {
    writer.uint_field(100, value);
    ends.insert(bytes.size());
  }
  writer.fixed32_field(101, 7);
  ends.insert(bytes.size());
  writer.fixed64_field(102, 8);
  ends.insert(bytes.size());
  writer.bytes_field(103, std::string(200, 'x'));
  ends.insert(bytes.size());
  writer.tag(104, WireType::kGroupStart);
  writer.bytes_field(1, "abc");
  writer.tag(104, WireType::kGroupEnd);
  ends.insert(bytes.size());
  for (size_t size = 0; size <= bytes.size(); ++size) {
    CAPTURE(size);
    CHECK(fault_of(std::string_view(bytes).substr(0, size)) ==
          (ends.contains(size) ? WireFault::kNone : WireFault::kTruncated));
  }
}

TEST_CASE("a varint has at most 64 bits") {
  CHECK(fault_of("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01") == WireFault::kNone);
  CHECK(fault_of("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02") == WireFault::kLongVarint);
  CHECK(fault_of("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x00"s) == WireFault::kLongVarint);
}

TEST_CASE("a varint may have more bytes than it needs") {
  WireReader reader("\x08\x81\x80\x00"sv);
  REQUIRE(reader.next());
  CHECK(reader.varint() == 1);
  CHECK_FALSE(reader.failed());
}

TEST_CASE("tags that do not exist are faults") {
  CHECK(fault_of("\x00\x01"s) == WireFault::kBadTag);                 // field 0
  CHECK(fault_of("\x0e\x01") == WireFault::kBadTag);                  // wire type 6
  CHECK(fault_of("\x0f\x01") == WireFault::kBadTag);                  // wire type 7
  CHECK(fault_of("\x80\x80\x80\x80\x10\x01") == WireFault::kBadTag);  // a number above all
  CHECK(fault_of("\xf8\xff\xff\xff\x0f\x01") == WireFault::kNone);    // the highest
}

TEST_CASE("a group ends as it begins") {
  CHECK(fault_of("\x0b\x0c") == WireFault::kNone);
  CHECK(fault_of("\x0b\x14") == WireFault::kBadGroup);
  CHECK(fault_of("\x0c") == WireFault::kBadGroup);
  CHECK(fault_of("\x0b\x13\x0c\x14") == WireFault::kBadGroup);
  CHECK(fault_of("\x0b\x0e\x0c") == WireFault::kBadTag);
}

TEST_CASE("groups are skipped down to a depth") {
  CHECK(fault_of(nested_groups(100)) == WireFault::kNone);
  CHECK(fault_of(nested_groups(101)) == WireFault::kTooDeep);
}

TEST_CASE("the fields of a group are read as those of a message") {
  const std::string bytes = "\x0b\x10\x05\x0c\x18\x06";
  WireReader reader(bytes);
  REQUIRE(reader.next());
  WireReader group(reader.group());
  REQUIRE(group.next());
  CHECK(group.field() == 2);
  CHECK(group.varint() == 5);
  CHECK_FALSE(group.next());
  REQUIRE(reader.next());
  CHECK(reader.varint() == 6);
}

TEST_CASE("a value is read as what it is, and once") {
  WireReader other("\x08\x05\x10\x06");
  REQUIRE(other.next());
  CHECK(other.bytes().empty());
  CHECK(other.fault() == WireFault::kOtherWireType);
  CHECK_FALSE(other.next());
  WireReader twice("\x08\x05\x10\x06");
  REQUIRE(twice.next());
  CHECK(twice.varint() == 5);
  CHECK(twice.varint() == 0);
  CHECK(twice.failed());
}

TEST_CASE("packed values are read side by side") {
  WireCursor cursor("\x03\x8e\x02\x9e\xa7\x05");
  std::vector<uint64_t> values;
  while (!cursor.done())
    values.push_back(cursor.varint());
  CHECK(values == std::vector<uint64_t>{3, 270, 86942});
  CHECK_FALSE(cursor.failed());
}

TEST_CASE("after a fault nothing is left and the first fault stays") {
  WireCursor cursor("\x05"sv);
  CHECK(cursor.fixed32() == 0);
  CHECK(cursor.done());
  CHECK(cursor.varint() == 0);
  CHECK(cursor.fault() == WireFault::kTruncated);
  CHECK(describe(cursor.fault()) == "truncated");
}

}  // namespace
}  // namespace perigee::protobuf
