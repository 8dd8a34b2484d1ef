// Absolute http and https URLs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perigee::http {

// A parsed URL. `text` is what the script wrote, with any user and password replaced by ****.
struct Url {
  std::string text;
  bool tls = false;
  std::string host;  // "example.org", "::1" (no brackets)
  uint16_t port = 80;
  std::string host_header;  // "example.org:8080", "[::1]:8080"; the default port is left out
  std::string target;       // "/path?query", never empty, no fragment
  std::string credentials;  // "user:password" of the URL, decoded; empty if none
};

// Whether requests to both go to the same server: over connections of the same kind.
inline bool same_origin(const Url& a, const Url& b) {
  return a.port == b.port && a.tls == b.tls && a.host == b.host;
}

// Reads an absolute URL; on failure returns nothing and says why in `error`. What may not stand in
// a path or query is percent-encoded in `target`; control characters are refused, as in Go.
std::optional<Url> parse_url(std::string_view text, std::string& error);

}  // namespace perigee::http
