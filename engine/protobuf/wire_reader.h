// Reads protobuf's wire format field by field, and says what is wrong with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "engine/protobuf/wire_type.h"

namespace perigee::protobuf {

enum class WireFault : uint8_t {
  kNone,
  kTruncated,
  kLongVarint,     // more than 64 bits
  kBadTag,         // a field number or wire type that does not exist
  kOtherWireType,  // a value was asked for as what it is not
  kBadGroup,       // ends without a beginning, or as another group
  kTooDeep,
};

// "truncated", "a varint of more than 64 bits", ...
std::string_view describe(WireFault fault);

// Takes values off bytes, which must outlive it. After a fault all values are zero or empty and
// nothing is left to read. It reads the elements of packed fields, too.
class WireCursor {
 public:
  explicit WireCursor(std::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool done() const { return at_ == end_; }
  size_t left() const { return static_cast<size_t>(end_ - at_); }
  const char* position() const { return at_; }
  WireFault fault() const { return fault_; }
  bool failed() const { return fault_ != WireFault::kNone; }
  void fail(WireFault fault) {
    if (!failed()) fault_ = fault;
    at_ = end_;
  }

  uint64_t varint() {
    if (at_ != end_ && (*at_ & 0x80) == 0) return static_cast<uint8_t>(*at_++);
    return long_varint();
  }
  uint32_t fixed32() { return fixed<uint32_t>(); }
  uint64_t fixed64() { return fixed<uint64_t>(); }
  // Bytes with their length in front of them.
  std::string_view bytes() { return take(varint()); }
  std::string_view take(uint64_t size) {
    if (size > left()) return fail(WireFault::kTruncated), std::string_view();
    const std::string_view taken(at_, static_cast<size_t>(size));
    at_ += size;
    return taken;
  }

 private:
  template <typename Integer>
  Integer fixed() {
    Integer value = 0;
    const std::string_view bytes = take(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  uint64_t long_varint();

  const char* at_;
  const char* end_;
  WireFault fault_ = WireFault::kNone;
};

// Goes through the fields of one message:
//
//   while (reader.next()) {
//     switch (reader.field()) {
//       case 1: name = reader.bytes(); break;
//       case 2: count = static_cast<int32_t>(reader.varint()); break;
//     }
//   }
//   if (reader.failed()) ...
//
// A value that is not read is skipped by next(), groups of any content included.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : cursor_(bytes) {}

  // False at the end of the message, and after a fault.
  bool next() {
    if (unread_) skip();
    if (cursor_.done()) return false;
    return read_tag();
  }
  uint32_t field() const { return field_; }
  WireType type() const { return type_; }

  // The value of the field, once. One of another wire type is a fault: what wants to be as lenient
  // as other readers, who take it for an unknown field, compares type() before.
  uint64_t varint() { return expect(WireType::kVarint) ? cursor_.varint() : 0; }
  uint32_t fixed32() { return expect(WireType::kFixed32) ? cursor_.fixed32() : 0; }
  uint64_t fixed64() { return expect(WireType::kFixed64) ? cursor_.fixed64() : 0; }
  std::string_view bytes() {
    return expect(WireType::kLengthDelimited) ? cursor_.bytes() : std::string_view();
  }
  // The fields of a group.
  std::string_view group();

  WireFault fault() const { return cursor_.fault(); }
  bool failed() const { return cursor_.failed(); }

 private:
  bool read_tag();
  bool expect(WireType type) {
    if (type_ != type || !unread_) cursor_.fail(WireFault::kOtherWireType);
    unread_ = false;
    return !cursor_.failed();
  }
  void skip();

  WireCursor cursor_;
  uint32_t field_ = 0;
  WireType type_ = WireType::kVarint;
  bool unread_ = false;  // the value of the field at hand
};

}  // namespace perigee::protobuf
