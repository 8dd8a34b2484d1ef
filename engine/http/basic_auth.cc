#include "engine/http/basic_auth.h"

#include <algorithm>
#include <cstdint>

namespace perigee::http {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Three bytes as four letters; with fewer bytes the rest is filled with "=".
void append_group(std::string& out, std::string_view bytes) {
  uint32_t bits = 0;
  for (size_t i = 0; i < 3; ++i) {
    bits = bits << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
  }
  for (size_t i = 0; i < 4; ++i) {
    out += i <= bytes.size() ? kAlphabet[bits >> (18 - 6 * i) & 63] : '=';
  }
}

}  // namespace

std::string basic_auth(std::string_view credentials) {
  std::string value = "Basic ";
  for (; !credentials.empty(); credentials.remove_prefix(std::min<size_t>(3, credentials.size()))) {
    append_group(value, credentials.substr(0, 3));
  }
  return value;
}

}  // namespace perigee::http
