#include "engine/metrics/byte_stream.h"

#include <bit>
#include <stdexcept>

namespace perigee {

// Seven bits a byte, the lowest first; the eighth says that more follow.
void ByteWriter::number(uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    byte(static_cast<uint8_t>(value | 0x80));
  byte(static_cast<uint8_t>(value));
}

// The sign goes into the lowest bit, so that small negative numbers are short too.
void ByteWriter::signed_number(int64_t value) {
  const auto bits = static_cast<uint64_t>(value);
  number((bits << 1) ^ (value < 0 ? ~uint64_t{0} : 0));
}

void ByteWriter::real(double value) {
  auto bits = std::bit_cast<uint64_t>(value);
  for (int i = 0; i < 8; ++i, bits >>= 8)
    byte(static_cast<uint8_t>(bits));
}

void ByteWriter::text(std::string_view value) {
  number(value.size());
  bytes_ += value;
}

std::string_view ByteReader::take(size_t length) {
  if (length > bytes_.size()) throw std::runtime_error("the bytes end too early");
  const std::string_view taken = bytes_.substr(0, length);
  bytes_.remove_prefix(length);
  return taken;
}

uint8_t ByteReader::byte() {
  return static_cast<uint8_t>(take(1).front());
}

uint64_t ByteReader::number() {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint8_t next = byte();
    value |= static_cast<uint64_t>(next & 0x7f) << shift;
    if ((next & 0x80) == 0) return value;
  }
  throw std::runtime_error("a number is too long");
}

int64_t ByteReader::signed_number() {
  const uint64_t bits = number();
  return static_cast<int64_t>((bits >> 1) ^ ((bits & 1) != 0 ? ~uint64_t{0} : 0));
}

double ByteReader::real() {
  const std::string_view taken = take(8);
  uint64_t bits = 0;
  for (size_t i = 8; i-- > 0;)
    bits = (bits << 8) | static_cast<uint8_t>(taken[i]);
  return std::bit_cast<double>(bits);
}

std::string_view ByteReader::text() {
  return take(count());
}

size_t ByteReader::count() {
  const uint64_t value = number();
  if (value > bytes_.size()) throw std::runtime_error("the bytes end too early");
  return static_cast<size_t>(value);
}

}  // namespace perigee
