// Writes values as Avro has them.
#pragma once

#include <string>
#include <string_view>

#include "engine/protobuf/wire_writer.h"

namespace perigee::avro {

// Whole numbers are protobuf's zigzag varints, and numbers of a fixed size lie as there.
class ValueWriter {
 public:
  explicit ValueWriter(std::string& out) : out_(out), wire_(out) {}

  void boolean(bool value) { out_ += value ? '\1' : '\0'; }
  void whole(int64_t value) { wire_.varint(protobuf::zigzag(value)); }
  void float_bits(uint32_t bits) { wire_.fixed32(bits); }
  void double_bits(uint64_t bits) { wire_.fixed64(bits); }
  // With their length in front.
  void bytes(std::string_view bytes) {
    whole(static_cast<int64_t>(bytes.size()));
    out_ += bytes;
  }
  void raw(std::string_view bytes) { out_ += bytes; }

 private:
  std::string& out_;
  protobuf::WireWriter wire_;
};

}  // namespace perigee::avro
