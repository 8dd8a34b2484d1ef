#include "engine/http/digest_auth.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "engine/base/check.h"
#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

// One "name=value" of a challenge.
struct Parameter {
  std::string name;
  std::string value;
};

void skip_separators(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t,"), text.size()));
}

std::string read_quoted(std::string_view& text) {
  std::string value;
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
    value += text.front();
    text.remove_prefix(1);
  }
  if (!text.empty()) text.remove_prefix(1);
  return value;
}

std::string_view read_until(std::string_view& text, std::string_view ends) {
  const std::string_view part = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(part.size());
  return part;
}

// The next parameter; nothing where the text ends or another scheme's challenge begins.
std::optional<Parameter> read_parameter(std::string_view& text) {
  skip_separators(text);
  std::string_view rest = text;
  const std::string_view name = read_until(rest, " \t,=");
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  if (name.empty() || !rest.starts_with('=')) return std::nullopt;
  rest.remove_prefix(1);
  rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
  Parameter parameter{to_lower(name), {}};
  parameter.value =
      rest.starts_with('"') ? read_quoted(rest) : std::string(read_until(rest, " \t,"));
  text = rest;
  return parameter;
}

bool set_algorithm(DigestChallenge& challenge, const std::string& name) {
  challenge.algorithm = name;
  std::string base = to_lower(std::string_view(name));
  if (base.ends_with("-sess")) {
    challenge.session = true;
    base.resize(base.size() - 5);
  }
  if (base == "md5") {
    challenge.hash = DigestHash::kMd5;
  } else if (base == "sha-256") {
    challenge.hash = DigestHash::kSha256;
  } else if (base == "sha-512-256") {
    challenge.hash = DigestHash::kSha512_256;
  } else {
    return false;
  }
  return true;
}

// False if it offers nothing that we have.
bool set_protection(DigestChallenge& challenge, std::string_view list) {
  while (!list.empty()) {
    skip_separators(list);
    const std::string_view name = read_until(list, " \t,");
    challenge.auth = challenge.auth || same_ignoring_case(name, "auth");
    challenge.auth_int = challenge.auth_int || same_ignoring_case(name, "auth-int");
  }
  return challenge.auth || challenge.auth_int;
}

// The challenge whose parameters stand at the front of `text`; nothing if it can't be answered.
std::optional<DigestChallenge> read_challenge(std::string_view& text) {
  DigestChallenge challenge;
  bool known = true;
  while (const auto parameter = read_parameter(text)) {
    const auto& [name, value] = *parameter;
    if (name == "realm") challenge.realm = value;
    if (name == "nonce") challenge.nonce = value;
    if (name == "opaque") challenge.opaque = value;
    if (name == "stale") challenge.stale = same_ignoring_case(value, "true");
    if (name == "algorithm") known = set_algorithm(challenge, value) && known;
    if (name == "qop") known = set_protection(challenge, value) && known;
  }
  if (!known || challenge.nonce.empty()) return std::nullopt;
  return challenge;
}

const EVP_MD* function_of(DigestHash hash) {
  switch (hash) {
    case DigestHash::kMd5:
      return EVP_md5();
    case DigestHash::kSha256:
      return EVP_sha256();
    case DigestHash::kSha512_256:
      break;
  }
  return EVP_sha512_256();
}

std::string hex_hash(DigestHash hash, std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  PERIGEE_CHECK(
      EVP_Digest(text.data(), text.size(), digest.data(), &size, function_of(hash), nullptr) == 1);
  std::string hex;
  for (unsigned i = 0; i < size; ++i)
    fmt::format_to(std::back_inserter(hex), "{:02x}", digest[i]);
  return hex;
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result += '"';
}

}  // namespace

std::optional<DigestChallenge> parse_digest_challenge(std::string_view value) {
  while (!value.empty()) {
    skip_separators(value);
    const std::string_view scheme = read_until(value, " \t,");
    if (same_ignoring_case(scheme, "digest")) {
      if (auto challenge = read_challenge(value)) return challenge;
    } else {
      while (read_parameter(value)) {
      }
    }
  }
  return std::nullopt;
}

std::optional<DigestChallenge> find_digest_challenge(std::string_view fields) {
  HeaderFields lines(fields);
  while (const auto value = lines.next("www-authenticate")) {
    if (auto challenge = parse_digest_challenge(*value)) return challenge;
  }
  return std::nullopt;
}

std::string digest_auth(const DigestChallenge& challenge, const DigestRequest& request) {
  const auto hash = [&](std::string_view text) { return hex_hash(challenge.hash, text); };
  const std::string_view user = request.credentials.substr(0, request.credentials.find(':'));
  const std::string_view password =
      request.credentials.substr(std::min(user.size() + 1, request.credentials.size()));
  const std::string_view nonce = challenge.nonce;
  const std::string_view qop = challenge.auth ? "auth" : challenge.auth_int ? "auth-int" : "";

  std::string secret = hash(fmt::format("{}:{}:{}", user, challenge.realm, password));
  if (challenge.session) {
    secret = hash(fmt::format("{}:{}:{}", secret, nonce, request.client_nonce));
  }
  std::string asked = fmt::format("{}:{}", request.method, request.target);
  if (qop == "auth-int") asked += ":" + hash(request.body);
  const std::string count = fmt::format("{:08x}", request.count);
  const std::string middle =
      qop.empty() ? std::string(nonce)
                  : fmt::format("{}:{}:{}:{}", nonce, count, request.client_nonce, qop);
  const std::string response = hash(fmt::format("{}:{}:{}", secret, middle, hash(asked)));

  std::string value =
      fmt::format(R"(Digest username={}, realm={}, nonce={}, uri={}, response="{}")", quoted(user),
                  quoted(challenge.realm), quoted(nonce), quoted(request.target), response);
  if (!challenge.algorithm.empty()) value += ", algorithm=" + challenge.algorithm;
  if (challenge.opaque) value += ", opaque=" + quoted(*challenge.opaque);
  if (!qop.empty() || challenge.session) value += ", cnonce=" + quoted(request.client_nonce);
  if (!qop.empty()) value += fmt::format(", qop={}, nc={}", qop, count);
  return value;
}

}  // namespace perigee::http
