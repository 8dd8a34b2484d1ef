// The parts of a URI of any scheme (RFC 3986), relative ones included.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace perigee {

// The parts as they are written, percent-encoding included.
struct Uri {
  std::optional<std::string> scheme{};
  std::optional<std::string> userinfo{};  // "user:password"
  std::optional<std::string> host{};      // "example.org", "[::1]"
  std::optional<std::string> port{};
  std::string path{};
  std::optional<std::string> query{};
  std::optional<std::string> fragment{};
};

// Every text has these parts; whether they make sense is not asked.
Uri split_uri(std::string_view text);
std::string join_uri(const Uri& uri);

// What `reference` means in a document at `base` (RFC 3986, 5.2.2).
Uri resolve_uri(const Uri& base, const Uri& reference);

// Everything but letters, digits and "-_.~" as %XX.
std::string encode_percent(std::string_view text);
// Nothing if a % is not followed by two hexadecimal digits.
std::optional<std::string> decode_percent(std::string_view text);

}  // namespace perigee
