// Numbers and texts as bytes, for what travels between processes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace perigee {

// Appends to a string. Whole numbers take as few bytes as they need.
class ByteWriter {
 public:
  void byte(uint8_t value) { bytes_ += static_cast<char>(value); }
  void number(uint64_t value);
  void signed_number(int64_t value);
  void real(double value);
  void text(std::string_view value);

  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

// Reads what a ByteWriter wrote. Every function throws std::runtime_error when the bytes end early.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  uint8_t byte();
  uint64_t number();
  int64_t signed_number();
  double real();
  std::string_view text();

  // A number of things to come, each of at least one byte: never more than there are bytes left.
  size_t count();

  bool at_end() const { return bytes_.empty(); }

 private:
  std::string_view take(size_t length);

  std::string_view bytes_;
};

}  // namespace perigee
