#include "scripting/uri.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/base/base64.h"
#include "engine/http/url_reference.h"

namespace perigee {
namespace {

bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_unreserved(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~';
}

bool is_scheme(std::string_view text) {
  return !text.empty() && is_letter(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
         });
}

// Takes what follows the first `mark` off the text, with the mark.
std::optional<std::string> cut_after(std::string_view& text, char mark) {
  const size_t at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  std::string after(text.substr(at + 1));
  text = text.substr(0, at);
  return after;
}

// "user:password@host:port" with brackets around an IPv6 address.
void split_authority(std::string_view authority, Uri& uri) {
  const size_t at = authority.rfind('@');
  if (at != std::string_view::npos) {
    uri.userinfo = authority.substr(0, at);
    authority.remove_prefix(at + 1);
  }
  const size_t bracket = authority.rfind(']');
  const size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) uri.port = authority.substr(colon + 1);
  uri.host = authority.substr(0, colon);
}

void copy_authority(const Uri& from, Uri& to) {
  to.userinfo = from.userinfo;
  to.host = from.host;
  to.port = from.port;
}

std::string merge_paths(const Uri& base, const std::string& path) {
  if (base.host && base.path.empty()) return "/" + path;
  return base.path.substr(0, base.path.rfind('/') + 1) + path;
}

}  // namespace

Uri split_uri(std::string_view text) {
  Uri uri;
  uri.fragment = cut_after(text, '#');
  uri.query = cut_after(text, '?');
  const size_t colon = text.find_first_of(":/");
  if (colon != std::string_view::npos && text[colon] == ':' && is_scheme(text.substr(0, colon))) {
    uri.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    const size_t end = std::min(text.find('/', 2), text.size());
    split_authority(text.substr(2, end - 2), uri);
    text.remove_prefix(end);
  }
  uri.path = text;
  return uri;
}

std::string join_uri(const Uri& uri) {
  std::string text;
  if (uri.scheme) text += *uri.scheme + ":";
  if (uri.host) {
    text += "//";
    if (uri.userinfo) text += *uri.userinfo + "@";
    text += *uri.host;
    if (uri.port) text += ":" + *uri.port;
  }
  text += uri.path;
  if (uri.query) text += "?" + *uri.query;
  if (uri.fragment) text += "#" + *uri.fragment;
  return text;
}

Uri resolve_uri(const Uri& base, const Uri& reference) {
  Uri target = reference;
  if (!reference.scheme) {
    target.scheme = base.scheme;
    if (!reference.host) {
      copy_authority(base, target);
      if (reference.path.empty()) {
        target.path = base.path;
        if (!reference.query) target.query = base.query;
        return target;
      }
      if (!reference.path.starts_with('/')) target.path = merge_paths(base, reference.path);
    }
  }
  target.path = http::remove_dot_segments(target.path);
  return target;
}

std::string encode_percent(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    if (is_unreserved(c)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::optional<std::string> decode_percent(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto byte = decode_hex(text.substr(i + 1, 2));
    if (!byte || byte->empty()) return std::nullopt;
    decoded += *byte;
    i += 2;
  }
  return decoded;
}

}  // namespace perigee
