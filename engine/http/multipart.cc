#include "engine/http/multipart.h"

#include <iterator>

#include <fmt/format.h>

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

}  // namespace perigee::http
