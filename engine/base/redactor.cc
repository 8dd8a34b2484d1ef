#include "engine/base/redactor.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace perigee {
namespace {

constexpr std::string_view kMask = "***";
constexpr size_t kShortestSecret = 6;

char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

std::string lower(std::string_view text) {
  std::string result;
  for (const char c : text)
    result += lower(c);
  return result;
}

template <size_t N>
bool contains_any(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

bool is_secret_variable(std::string_view name) {
  constexpr std::array<std::string_view, 4> kWords{"token", "secret", "password", "key"};
  return contains_any(lower(name), kWords);
}

bool is_secret_parameter(std::string_view name) {
  constexpr std::array<std::string_view, 9> kWords{"token",   "secret",    "password",
                                                   "passwd",  "apikey",    "api_key",
                                                   "api-key", "signature", "credential"};
  const std::string text = lower(name);
  return text == "key" || text == "auth" || text == "sig" || contains_any(text, kWords);
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

void mask(std::string& text, size_t from, size_t to) {
  if (to > from) text.replace(from, to - from, kMask);
}

// https://user:password@host becomes https://***@host.
void mask_userinfo(std::string& text) {
  for (size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const size_t begin = at + 3;
    const size_t end = std::min(text.find_first_of("/?# \t\r\n\"'<>\\", begin), text.size());
    const size_t sign = text.substr(begin, end - begin).rfind('@');
    if (sign != std::string::npos) mask(text, begin, begin + sign);
  }
}

// ?token=abc becomes ?token=***.
void mask_query(std::string& text) {
  for (size_t at = text.find_first_of("?&"); at != std::string::npos;
       at = text.find_first_of("?&", at + 1)) {
    const size_t equals = text.find_first_of("=&?# \t\r\n\"'<>\\", at + 1);
    if (equals == std::string::npos || text[equals] != '=') continue;
    if (!is_secret_parameter(text.substr(at + 1, equals - at - 1))) continue;
    const size_t end = std::min(text.find_first_of("&# \t\r\n\"'<>\\", equals), text.size());
    mask(text, equals + 1, end);
  }
}

// Where the value of a header begins whose name ends at `at`, as in `Cookie: a`, `"cookie":"a"` or
// `Cookie=a`; npos if this is no header.
size_t find_value(const std::string& text, size_t at) {
  at = text.find_first_not_of("\"'\\]", at);
  if (at != std::string::npos) at = text.find_first_not_of(" \t", at);
  if (at == std::string::npos || (text[at] != ':' && text[at] != '=')) return std::string::npos;
  return text.find_first_not_of(" \t\\", at + 1);
}

// A quoted value ends with its quotation mark, another with its line.
size_t find_end(const std::string& text, size_t& begin) {
  const char quote = text[begin];
  if (quote != '"' && quote != '\'')
    return std::min(text.find_first_of("\r\n\"", begin), text.size());
  ++begin;
  const size_t end = text.find(quote, begin);
  if (end == std::string::npos) return text.size();
  return end > begin && text[end - 1] == '\\' ? end - 1 : end;
}

void mask_header(std::string& text, std::string_view name) {
  std::string folded = lower(text);
  for (size_t at = folded.find(name); at != std::string::npos; at = folded.find(name, at + 1)) {
    const size_t after = at + name.size();
    if ((at > 0 && is_word(folded[at - 1]) && folded[at - 1] != '-') ||
        (after < folded.size() && is_word(folded[after]))) {
      continue;
    }
    size_t begin = find_value(text, after);
    if (begin == std::string::npos) continue;
    const size_t end = find_end(text, begin);
    mask(text, begin, end);
    folded = lower(text);
  }
}

}  // namespace

Redactor::Redactor(const Environment& environment) {
  for (const auto& [name, value] : environment) {
    if (is_secret_variable(name) && value.size() >= kShortestSecret && !is_number(value)) {
      secrets_.push_back(value);
    }
  }
  std::sort(secrets_.begin(), secrets_.end(),
            [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

std::string Redactor::operator()(std::string_view text) const {
  std::string result(text);
  for (const std::string& secret : secrets_) {
    for (size_t at = result.find(secret); at != std::string::npos;
         at = result.find(secret, at + kMask.size())) {
      result.replace(at, secret.size(), kMask);
    }
  }
  mask_userinfo(result);
  mask_query(result);
  // The others end in these words, after a hyphen.
  mask_header(result, "authorization");
  mask_header(result, "cookie");
  return result;
}

}  // namespace perigee
