// Writes protobuf's wire format field by field.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/protobuf/wire_type.h"

namespace perigee::protobuf {

// The bytes that a varint takes.
constexpr size_t varint_size(uint64_t value) {
  return (static_cast<size_t>(std::bit_width(value | 1)) + 6) / 7;
}

// Appends to a string, which must outlive the writer. Every field that is given is written: leaving
// out those that have their default is the caller's choice.
class WireWriter {
 public:
  explicit WireWriter(std::string& out) : out_(out) {}

  // Fields, the tag included. Negative numbers of int32, int64 and enum fields take ten bytes.
  void uint_field(uint32_t field, uint64_t value) {
    tag(field, WireType::kVarint);
    varint(value);
  }
  void int_field(uint32_t field, int64_t value) { uint_field(field, static_cast<uint64_t>(value)); }
  void sint_field(uint32_t field, int64_t value) { uint_field(field, zigzag(value)); }
  void bool_field(uint32_t field, bool value) { uint_field(field, value ? 1 : 0); }
  void fixed32_field(uint32_t field, uint32_t value) {
    tag(field, WireType::kFixed32);
    fixed32(value);
  }
  void fixed64_field(uint32_t field, uint64_t value) {
    tag(field, WireType::kFixed64);
    fixed64(value);
  }
  void float_field(uint32_t field, float value) {
    fixed32_field(field, std::bit_cast<uint32_t>(value));
  }
  void double_field(uint32_t field, double value) {
    fixed64_field(field, std::bit_cast<uint64_t>(value));
  }
  // A string, bytes, or a message or packed values that have been written elsewhere.
  void bytes_field(uint32_t field, std::string_view bytes) {
    tag(field, WireType::kLengthDelimited);
    varint(bytes.size());
    out_.append(bytes);
  }

  // Begins a message or packed values whose length is not known yet; what is written until
  // `end(returned)` is its content. `likely_size` spares moving the content at the end where the
  // length takes more than the byte that is set aside for it.
  struct Open {
    size_t length_at;
    size_t content_at;
  };
  Open begin(uint32_t field, size_t likely_size = 0) {
    tag(field, WireType::kLengthDelimited);
    const size_t length_at = out_.size();
    out_.append(varint_size(likely_size), '\0');
    return {length_at, out_.size()};
  }
  void end(Open open);

  // The parts of fields, and the elements of packed ones.
  void tag(uint32_t field, WireType type) { varint(wire_tag(field, type)); }
  void varint(uint64_t value) {
    if (value < 0x80) {
      out_.push_back(static_cast<char>(value));
    } else {
      long_varint(value);
    }
  }
  void fixed32(uint32_t value) { fixed(value); }
  void fixed64(uint64_t value) { fixed(value); }

 private:
  template <typename Integer>
  void fixed(Integer value) {
    static_assert(std::endian::native == std::endian::little);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void long_varint(uint64_t value);

  std::string& out_;
};

}  // namespace perigee::protobuf
