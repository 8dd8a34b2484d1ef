#include "engine/reports/markup.h"

#include "engine/base/utf8.h"

namespace perigee::reports {
namespace {

bool is_allowed(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  if (character.size() == 1) {
    return (first >= 0x20 && first != 0x7f) || first == '\t' || first == '\n' || first == '\r';
  }
  // C1 controls, and the two that are no characters.
  const bool is_control = first == 0xc2 && static_cast<unsigned char>(character[1]) < 0xa0;
  return !is_control && character != "\xef\xbf\xbe" && character != "\xef\xbf\xbf";
}

std::string_view escape_of(char character) {
  switch (character) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&apos;";
    default:
      return {};
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Utf8Part part = first_utf8_part(text);
    const std::string_view character = text.substr(0, part.size);
    result += part.valid && is_allowed(character) ? character : kReplacementCharacter;
    text.remove_prefix(part.size);
  }
  return result;
}

std::string escape_markup(std::string_view text) {
  std::string escaped;
  for (const char character : printable(text)) {
    const std::string_view escape = escape_of(character);
    escape.empty() ? escaped += character : escaped += escape;
  }
  return escaped;
}

}  // namespace perigee::reports
