#include "cli/lua_text.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace perigee {
namespace {

constexpr std::array<std::string_view, 22> kWords{
    "and",      "break",  "do",   "else", "elseif", "end",  "false", "for",
    "function", "goto",   "if",   "in",   "local",  "nil",  "not",   "or",
    "repeat",   "return", "then", "true", "until",  "while"};

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string escaped(char c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  if (c == '"' || c == '\\') return {'\\', c};
  // Always three digits: one may follow.
  if (is_control(c)) return fmt::format("\\{:03}", static_cast<unsigned char>(c));
  return {c};
}

// Brackets of a level that the text does not close.
std::string in_brackets(std::string_view text) {
  std::string level;
  while (text.find("]" + level + "]") != std::string_view::npos || text.ends_with("]" + level))
    level += '=';
  return fmt::format("[{0}[{1}]{0}]", level, text);
}

}  // namespace

std::string lua_string(std::string_view text) {
  const bool has_quotes = text.find_first_of("\"\\") != std::string_view::npos;
  if (has_quotes && std::none_of(text.begin(), text.end(), is_control)) return in_brackets(text);
  std::string literal = "\"";
  for (const char c : text)
    literal += escaped(c);
  return literal + '"';
}

std::string lua_key(std::string_view key) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  constexpr std::string_view kName =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  const bool is_name = !key.empty() && kLetters.find(key.front()) != std::string_view::npos &&
                       key.find_first_not_of(kName) == std::string_view::npos &&
                       std::find(kWords.begin(), kWords.end(), key) == kWords.end();
  return is_name ? std::string(key) : fmt::format("[{}]", lua_string(key));
}

}  // namespace perigee
