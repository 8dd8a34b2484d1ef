// The values of BYTES tensors in binary: four bytes of length before each.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace perigee {

inline constexpr size_t kTextLengthSize = 4;

// Reads texts from the front of bytes that may end anywhere.
class TextReader {
 public:
  explicit TextReader(std::string_view bytes) : bytes_(bytes) {}

  // The next text; nothing at the end, and where the rest is too short for one.
  std::optional<std::string_view> next();
  // Bytes that have not been read: some are left where a text is cut.
  size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
};

void append_text(std::string& out, std::string_view text);

}  // namespace perigee
