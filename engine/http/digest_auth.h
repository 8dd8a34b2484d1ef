// Digest authentication: the answer to a server's challenge (RFC 7616, and 2617 before it).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace perigee::http {

enum class DigestHash : uint8_t { kMd5, kSha256, kSha512_256 };

// What a server wants to be answered.
struct DigestChallenge {
  std::string realm;
  std::string nonce;
  std::optional<std::string> opaque;
  std::string algorithm;  // as the server wrote it; empty if it did not
  DigestHash hash = DigestHash::kMd5;
  bool session = false;   // the algorithm ends in "-sess"
  bool auth = false;      // qop: the protection is negotiated ...
  bool auth_int = false;  // ... or covers the body, too
  bool stale = false;     // the last nonce was right once: ask nobody for another password
};

// The first Digest challenge of a response's header block that can be answered; nothing if there is
// none.
std::optional<DigestChallenge> find_digest_challenge(std::string_view fields);
// The same of one WWW-Authenticate header's value.
std::optional<DigestChallenge> parse_digest_challenge(std::string_view value);

// The request that the answer goes with.
struct DigestRequest {
  std::string_view credentials{};  // "user:password"
  std::string_view method{};
  std::string_view target{};  // "/path?query"
  std::string_view body{};
  std::string_view client_nonce{};  // fresh and random
  uint32_t count = 1;  // how often the challenge's nonce has been used, this one included
};

// The value of the Authorization header.
std::string digest_auth(const DigestChallenge& challenge, const DigestRequest& request);

}  // namespace perigee::http
