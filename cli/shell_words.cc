#include "cli/shell_words.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace perigee {

std::string shell_word(const std::string& word) {
  const auto is_plain = [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view("/._-:@=+,").find(static_cast<char>(c)) != std::string_view::npos;
  };
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
  std::string text = "'";
  for (const char c : word)
    text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + '\'';
}

std::string shell_line(int argc, const char* const* argv) {
  std::string line;
  for (int i = 0; i < argc; ++i)
    line += (i > 0 ? " " : "") + shell_word(argv[i]);
  return line;
}

}  // namespace perigee
