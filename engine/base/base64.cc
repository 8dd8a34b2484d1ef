#include "engine/base/base64.h"

#include <algorithm>
#include <array>

namespace perigee {
namespace {

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_url(Base64 spelling) {
  return spelling == Base64::kUrl || spelling == Base64::kRawUrl;
}

bool is_filled(Base64 spelling) {
  return spelling == Base64::kStandard || spelling == Base64::kUrl;
}

char letter(uint32_t value, Base64 spelling) {
  if (value < kLetters.size()) return kLetters[value];
  if (value == 62) return is_url(spelling) ? '-' : '+';
  return is_url(spelling) ? '_' : '/';
}

std::optional<uint32_t> value_of(char c, Base64 spelling) {
  for (uint32_t last : {62U, 63U}) {
    if (c == letter(last, spelling)) return last;
  }
  if (c >= 'A' && c <= 'Z') return static_cast<uint32_t>(c - 'A');
  if (c >= 'a' && c <= 'z') return static_cast<uint32_t>(c - 'a' + 26);
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0' + 52);
  return std::nullopt;
}

// Three bytes as four letters.
void append_group(std::string_view bytes, Base64 spelling, std::string& out) {
  uint32_t bits = 0;
  for (size_t i = 0; i < 3; ++i)
    bits = bits << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
  for (size_t i = 0; i < 4; ++i) {
    if (i <= bytes.size()) {
      out += letter(bits >> (18 - 6 * i) & 63, spelling);
    } else if (is_filled(spelling)) {
      out += '=';
    }
  }
}

}  // namespace

std::string encode_base64(std::string_view bytes, Base64 spelling) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (; !bytes.empty(); bytes.remove_prefix(std::min<size_t>(3, bytes.size())))
    append_group(bytes.substr(0, 3), spelling, out);
  return out;
}

std::optional<std::string> decode_base64(std::string_view text, Base64 spelling) {
  std::string out;
  out.reserve(text.size() / 4 * 3);
  uint32_t bits = 0;
  size_t letters = 0;
  size_t fill = 0;
  for (const char c : text) {
    if (c == '\n' || c == '\r') continue;
    if (c == '=' && is_filled(spelling)) {
      ++fill;
      continue;
    }
    const auto value = value_of(c, spelling);
    if (!value || fill > 0) return std::nullopt;
    bits = bits << 6 | *value;
    ++letters;
    // Each letter but a group's first completes a byte.
    const size_t place = letters % 4;
    if (place != 1) out += static_cast<char>(bits >> (place == 0 ? 0 : 8 - 2 * place) & 0xff);
  }
  if (letters % 4 == 1) return std::nullopt;
  if (is_filled(spelling) && fill != (4 - letters % 4) % 4) return std::nullopt;
  return out;
}

std::string encode_hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    out += kHexDigits[static_cast<unsigned char>(c) >> 4];
    out += kHexDigits[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

std::optional<std::string> decode_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string out;
  out.reserve(text.size() / 2);
  size_t byte = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool upper = text[i] >= 'A' && text[i] <= 'F';
    const size_t digit =
        kHexDigits.find(static_cast<char>(upper ? text[i] + ('a' - 'A') : text[i]));
    if (digit == std::string_view::npos) return std::nullopt;
    byte = byte << 4 | digit;
    if (i % 2 == 1) out += static_cast<char>(byte & 0xff);
  }
  return out;
}

}  // namespace perigee
