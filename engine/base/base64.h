// Base64 in its four spellings, and hexadecimal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perigee {

enum class Base64 : uint8_t {
  kStandard,     // + and /, filled up with =
  kRawStandard,  // without the =
  kUrl,          // - and _, filled up with =
  kRawUrl,
};

std::string encode_base64(std::string_view bytes, Base64 spelling = Base64::kStandard);
// Line ends are skipped; nothing if it is not Base64 in this very spelling.
std::optional<std::string> decode_base64(std::string_view text, Base64 spelling);

// In lower case.
std::string encode_hex(std::string_view bytes);
// In either case; nothing if it is not hexadecimal.
std::optional<std::string> decode_hex(std::string_view text);

}  // namespace perigee
