#include "engine/base/redactor.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "engine/base/secret_name.h"

namespace perigee {
namespace {

constexpr std::string_view kMask = "***";
constexpr size_t kShortestSecret = 6;
constexpr std::string_view kUrlEnds = "/?# \t\r\n\"<>\\";
constexpr std::string_view kQueryEnds = " \t\r\n\"'<>\\";

// Values of variables such as USE_TOKEN that are said in other places, too.
constexpr std::array<std::string_view, 12> kCommonWords{
    "enabled", "disabled", "optional", "required", "default",   "password",
    "secret",  "passwd",   "unknown",  "changeme", "undefined", "redacted"};
// How values of the header Authorization begin; the rest is the secret.
constexpr std::array<std::string_view, 3> kSchemes{"Bearer ", "Basic ", "Token "};

bool is_letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789.,") == std::string_view::npos;
}

bool is_common(std::string_view value) {
  std::string word;
  for (const char c : value)
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::find(kCommonWords.begin(), kCommonWords.end(), word) != kCommonWords.end();
}

// As in a URL: "a b" is a%20b.
std::string percent_encoded(std::string_view value) {
  std::string encoded;
  for (const char c : value) {
    if (is_letter_or_digit(c) || std::string_view("-._~").find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool is_code = text[i] == '%' && i + 2 < text.size() &&
                         std::isxdigit(static_cast<unsigned char>(text[i + 1])) != 0 &&
                         std::isxdigit(static_cast<unsigned char>(text[i + 2])) != 0;
    if (is_code) {
      decoded += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

// As in a string of JSON.
std::string json_escaped(std::string_view value) {
  std::string escaped;
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      (escaped += '\\') += c;
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\r') {
      escaped += "\\r";
    } else if (c == '\t') {
      escaped += "\\t";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

struct Userinfo {
  size_t begin;
  size_t end;  // where the @ is
};

// What precedes the host of the URL whose "://" is at `at`.
std::optional<Userinfo> find_userinfo(std::string_view text, size_t at) {
  const size_t begin = at + 3;
  size_t end = std::min(text.find_first_of(kUrlEnds, begin), text.size());
  // A URL in single quotation marks ends with them; in others they may be part of a password.
  size_t scheme = at;
  while (scheme > 0 && is_letter_or_digit(text[scheme - 1]))
    --scheme;
  if (scheme > 0 && text[scheme - 1] == '\'') end = std::min(text.find('\'', begin), end);
  const size_t sign = text.substr(begin, end - begin).rfind('@');
  if (sign == std::string_view::npos) return std::nullopt;
  // s3://bucket@region names a bucket there, and no user.
  const bool is_bucket = text.substr(scheme, at - scheme) == "s3";
  if (is_bucket && text.substr(begin, sign).find(':') == std::string_view::npos) {
    return std::nullopt;
  }
  return Userinfo{begin, begin + sign};
}

void mask(std::string& text, size_t from, size_t to) {
  if (to > from) text.replace(from, to - from, kMask);
}

// https://user:password@host becomes https://***@host.
void mask_userinfo(std::string& text) {
  for (size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    if (const auto userinfo = find_userinfo(text, at)) mask(text, userinfo->begin, userinfo->end);
  }
}

// Whether what precedes the query at `at` is a URL or a path.
bool is_query_of_url(std::string_view text, size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::string_view word = before.substr(before.find_last_of(" \t\r\n\"'<>\\(") + 1);
  return word.starts_with('/') || word.find("://") != std::string_view::npos;
}

// The query, or the fragment, with *** in the place of secret values.
std::string masked_query(std::string_view query) {
  std::string masked;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find_first_of("&#?"));
    const size_t equals = pair.find('=');
    const bool is_secret = equals != std::string_view::npos &&
                           names_secret(pair.substr(0, equals)) && equals + 1 < pair.size();
    masked.append(is_secret ? pair.substr(0, equals + 1) : pair);
    if (is_secret) masked += kMask;
    query.remove_prefix(pair.size());
    if (query.empty()) break;
    masked += query.front();
    query.remove_prefix(1);
  }
  return masked;
}

// /path?token=abc becomes /path?token=***.
void mask_queries(std::string& text) {
  for (size_t at = text.find_first_of("?#"); at != std::string::npos;
       at = text.find_first_of("?#", at + 1)) {
    if (!is_query_of_url(text, at)) continue;
    const size_t end = std::min(text.find_first_of(kQueryEnds, at), text.size());
    const std::string masked = masked_query(std::string_view(text).substr(at + 1, end - at - 1));
    text.replace(at + 1, end - at - 1, masked);
    at += masked.size();
  }
}

// Of a number only the whole of it counts: 123456 is not in 91234567.
bool is_whole_number(std::string_view text, size_t at, std::string_view secret) {
  const size_t end = at + secret.size();
  return !is_number(secret) ||
         ((at == 0 || !is_digit(text[at - 1])) && (end == text.size() || !is_digit(text[end])));
}

void mask_value(std::string& text, std::string_view secret) {
  for (size_t at = text.find(secret); at != std::string::npos;) {
    if (!is_whole_number(text, at, secret)) {
      at = text.find(secret, at + 1);
      continue;
    }
    text.replace(at, secret.size(), kMask);
    at = text.find(secret, at + kMask.size());
  }
}

}  // namespace

void Redactor::learn(const Environment& environment) {
  for (const auto& [name, value] : environment) {
    if (names_secret(name)) {
      learn_value(value);
    } else if (names_secrets(name) && !is_number(value)) {
      learn_list(value);
    } else {
      learn_url(value);
    }
  }
  std::sort(secrets_.begin(), secrets_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  secrets_.erase(std::unique(secrets_.begin(), secrets_.end()), secrets_.end());
}

void Redactor::learn_value(std::string_view value) {
  for (const std::string_view scheme : kSchemes) {
    if (value.starts_with(scheme)) learn_value(value.substr(scheme.size()));
  }
  if (value.size() < kShortestSecret || is_common(value)) return;
  secrets_.emplace_back(value);
  secrets_.push_back(percent_encoded(value));
  secrets_.push_back(json_escaped(value));
}

void Redactor::learn_list(std::string_view values) {
  while (!values.empty()) {
    const size_t comma = std::min(values.find(','), values.size());
    learn_value(values.substr(0, comma));
    values.remove_prefix(std::min(comma + 1, values.size()));
  }
}

// Of DATABASE_URL=postgres://user:password@host the password.
void Redactor::learn_url(std::string_view text) {
  const size_t at = text.find("://");
  if (at == std::string_view::npos) return;
  const auto userinfo = find_userinfo(text, at);
  if (!userinfo) return;
  const std::string_view both = text.substr(userinfo->begin, userinfo->end - userinfo->begin);
  const size_t colon = both.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view password = both.substr(colon + 1);
  learn_value(password);
  learn_value(percent_decoded(password));
}

std::string Redactor::of_script(std::string_view text) const {
  std::string result(text);
  for (const std::string& secret : secrets_)
    mask_value(result, secret);
  mask_userinfo(result);
  return result;
}

std::string Redactor::operator()(std::string_view text) const {
  std::string result = of_script(text);
  mask_queries(result);
  return result;
}

}  // namespace perigee
