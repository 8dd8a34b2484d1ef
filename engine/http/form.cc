#include "engine/http/form.h"

#include <array>

namespace perigee::http {
namespace {

constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = '0'; c <= '9'; ++c)
    plain[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c)
    plain[c] = plain[c - 0x20] = true;
  for (const unsigned char c : std::string_view("-_.~"))
    plain[c] = true;
  return plain;
}();

}  // namespace

void append_form_encoded(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain[byte]) {
      out += c;
    } else if (c == ' ') {
      out += '+';
    } else {
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
}

std::string encode_form(std::span<const FormField> fields) {
  std::string body;
  for (const auto& [name, value] : fields) {
    if (!body.empty()) body += '&';
    append_form_encoded(body, name);
    body += '=';
    append_form_encoded(body, value);
  }
  return body;
}

}  // namespace perigee::http
