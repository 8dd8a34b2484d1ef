#include "engine/http/multipart.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

// Quotes and line ends would end a name early.
std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
      case '\\':
        result += '\\';
        result += c;
        break;
      case '\r':
        result += "%0D";
        break;
      case '\n':
        result += "%0A";
        break;
      default:
        result += c;
    }
  }
  return result += '"';
}

// A parameter's value at the front of `text`, which it is taken off; without quotes.
std::string take_value(std::string_view& text) {
  std::string value;
  bool in_quotes = false;
  while (!text.empty() && (in_quotes || text.front() != ';')) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '"') {
      in_quotes = !in_quotes;
    } else if (in_quotes && c == '\\' && !text.empty()) {
      value += text.front();
      text.remove_prefix(1);
    } else {
      value += c;
    }
  }
  return value;
}

}  // namespace

std::string encode_multipart(std::span<const FormPart> parts, std::string_view boundary) {
  std::string body;
  auto out = std::back_inserter(body);
  for (const FormPart& part : parts) {
    fmt::format_to(out, "--{}\r\nContent-Disposition: form-data; name={}", boundary,
                   quoted(part.name));
    if (!part.content_type.empty()) {
      fmt::format_to(out, "; filename={}\r\nContent-Type: {}", quoted(part.file_name),
                     part.content_type);
    }
    body += "\r\n\r\n";
    body += part.content;
    body += "\r\n";
  }
  fmt::format_to(out, "--{}--\r\n", boundary);
  return body;
}

std::string multipart_type(std::string_view boundary) {
  return fmt::format("multipart/form-data; boundary={}", boundary);
}

std::string media_type(std::string_view content_type) {
  return to_lower(trim(content_type.substr(0, content_type.find(';'))));
}

bool is_multipart(std::string_view content_type) {
  return media_type(content_type).starts_with("multipart/");
}

std::optional<std::string> boundary_of(std::string_view content_type) {
  content_type.remove_prefix(std::min(content_type.find(';'), content_type.size()));
  while (!content_type.empty()) {
    content_type.remove_prefix(1);
    const size_t end = std::min(content_type.find_first_of(";="), content_type.size());
    const std::string_view name = trim(content_type.substr(0, end));
    content_type.remove_prefix(end);
    if (!content_type.starts_with('=')) continue;
    content_type.remove_prefix(1);
    const std::string value = take_value(content_type);
    if (same_ignoring_case(name, "boundary")) return std::string(trim(value));
  }
  return std::nullopt;
}

bool is_boundary(std::string_view text) {
  constexpr size_t kLongest = 70;
  constexpr std::string_view kMarks = "'()+_,-./:=? ";
  const auto allowed = [&](char c) {
    const char lower = static_cast<char>(c | 0x20);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= kLongest && !text.ends_with(' ') &&
         std::all_of(text.begin(), text.end(), allowed);
}

std::string with_boundary(std::string_view content_type, std::string_view boundary) {
  content_type = content_type.substr(0, content_type.find_last_not_of(" \t;") + 1);
  return fmt::format("{}; boundary={}", content_type, boundary);
}

}  // namespace perigee::http
