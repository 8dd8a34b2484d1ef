#include "engine/http/url_reference.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace perigee::http {
namespace {

bool has_scheme(std::string_view reference) {
  const size_t end = reference.find_first_of(":/?#");
  if (end == std::string_view::npos || end == 0 || reference[end] != ':') return false;
  const auto letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto allowed = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  };
  return letter(reference.front()) &&
         std::all_of(reference.begin(), reference.begin() + static_cast<std::ptrdiff_t>(end),
                     allowed);
}

std::string encode_stray_bytes(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f) {
      encoded += fmt::format("%{:02X}", byte);
    } else {
      encoded += c;
    }
  }
  return encoded;
}

// A relative reference, and what it is relative to, as a target: "/path?query".
std::string merge_target(const Url& base, std::string_view reference) {
  const std::string_view target = base.target;
  const std::string_view base_path = target.substr(0, target.find('?'));
  const std::string_view path = reference.substr(0, reference.find('?'));
  std::string_view query = reference.substr(path.size());
  if (path.empty()) {
    if (query.empty()) query = target.substr(base_path.size());
    return std::string(base_path).append(query);
  }
  std::string whole;
  if (!path.starts_with('/')) whole = base_path.substr(0, base_path.rfind('/') + 1);
  return remove_dot_segments(whole.append(path)).append(query);
}

std::string_view scheme_of(const Url& url) {
  return url.tls ? "https" : "http";
}

}  // namespace

std::string remove_dot_segments(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const size_t end = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, end);
    const bool last = end == path.size();
    if (segment == "/." || segment == "/..") {
      if (segment == "/..") result.erase(std::min(result.rfind('/'), result.size()));
      if (last) result += '/';
    } else {
      result += segment;
    }
    path.remove_prefix(end);
  }
  return result;
}

bool names_host(std::string_view reference) {
  return reference.starts_with("//") || has_scheme(reference);
}

std::optional<Url> resolve_reference(const Url& base, std::string_view reference,
                                     std::string& error) {
  const std::string clean = encode_stray_bytes(reference);
  if (has_scheme(clean)) return parse_url(clean, error);
  if (names_host(clean)) return parse_url(fmt::format("{}:{}", scheme_of(base), clean), error);
  const std::string target = merge_target(base, clean.substr(0, clean.find('#')));
  auto url = parse_url(fmt::format("{}://{}{}", scheme_of(base), base.host_header, target), error);
  if (url && !base.credentials.empty()) {
    url->credentials = base.credentials;
    const bool password = base.credentials.find(':') != std::string::npos;
    url->text.insert(url->text.find("://") + 3, password ? "****:****@" : "****@");
  }
  return url;
}

}  // namespace perigee::http
