#include "engine/base/secret_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <vector>

namespace perigee {
namespace {

using Words = std::vector<std::string>;

template <size_t N>
using List = std::array<std::string_view, N>;

// Words that mean a secret wherever they stand in a name: TOKEN, PASSWORD_OF_ADMIN.
constexpr List<10> kSecrets{"token",  "secret",     "password",    "passwd", "passphrase",
                            "apikey", "credential", "credentials", "jwt",    "accesskey"};
// Words that mean one at the end of a name only: DB_PASS, but not PASS_RATE.
constexpr List<7> kSecretsAtEnd{"pass",      "pwd", "key",          "cookie",
                                "signature", "sig", "authorization"};
// Which keys are secret, whatever follows: API_KEY_PROD.
constexpr List<4> kSecretKeys{"api", "access", "private", "secret"};
constexpr List<4> kPlurals{"tokens", "secrets", "passwords", "keys"};
// Ends of words that are written without a separator: PGPASSWORD, authtoken.
constexpr List<8> kEndings{"password", "passwd",    "secret",    "token",
                           "apikey",   "accesskey", "secretkey", "privatekey"};
// A name that ends like this is about a secret and holds none: TOKEN_FILE, X-Tokens-Used.
constexpr List<61> kDescriptions{
    "file",     "files",    "path",      "dir",     "folder",   "url",       "uri",    "host",
    "name",     "id",       "ids",       "type",    "length",   "size",      "count",  "limit",
    "limits",   "ttl",      "expiry",    "expires", "timeout",  "header",    "format", "algorithm",
    "algo",     "endpoint", "sock",      "server",  "provider", "version",   "prefix", "suffix",
    "field",    "mode",     "policy",    "column",  "bits",     "rotation",  "param",  "enabled",
    "disabled", "budget",   "rate",      "used",    "usage",    "remaining", "reset",  "interval",
    "max",      "min",      "jar",       "domain",  "ms",       "seconds",   "second", "minute",
    "latency",  "delay",    "threshold", "bucket",  "window"};
// What a key may be that everybody may see: PUBLIC_KEY, Idempotency-Key, Sec-WebSocket-Key.
constexpr List<22> kOpenKeys{
    "public",    "sort",   "partition", "primary", "foreign", "routing", "cache", "idempotency",
    "surrogate", "socket", "websocket", "group",   "row",     "range",   "index", "shard",
    "lookup",    "record", "dedup",     "hot",     "message", "item"};
// Names of the shell's own.
constexpr List<2> kWorkingFolders{"PWD", "OLDPWD"};

bool is_one_of(std::string_view word, const auto& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool is_upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}

bool is_lower(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0;
}

// Whether a word of camelCase begins at `i`: "dbPassword", "APIKey".
bool begins_word(std::string_view name, size_t i) {
  if (i == 0 || !is_upper(name[i])) return false;
  if (is_lower(name[i - 1])) return true;
  return is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1]);
}

// In lower case, and without numbers at their end: "API_KEY_2" is api and key.
Words words_of(std::string_view name) {
  Words words;
  std::string word;
  const auto finish = [&] {
    while (!word.empty() && std::isdigit(static_cast<unsigned char>(word.back())) != 0)
      word.pop_back();
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (size_t i = 0; i < name.size(); ++i) {
    if (begins_word(name, i)) finish();
    if (std::isalnum(static_cast<unsigned char>(name[i])) == 0) {
      finish();
    } else {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
    }
  }
  finish();
  return words;
}

bool is_secret_word(const Words& words, size_t i) {
  const std::string_view word = words[i];
  const bool is_last = i + 1 == words.size();
  if (word == "key" && i > 0) {
    return is_one_of(words[i - 1], kSecretKeys) || (is_last && !is_one_of(words[i - 1], kOpenKeys));
  }
  if (is_one_of(word, kSecrets) || (is_last && is_one_of(word, kSecretsAtEnd))) return true;
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return word.ends_with(ending); });
}

bool is_about_secrets(std::string_view name, const Words& words) {
  return words.empty() || is_one_of(words.back(), kDescriptions) ||
         is_one_of(name, kWorkingFolders);
}

}  // namespace

bool names_secret(std::string_view name) {
  const Words words = words_of(name);
  if (is_about_secrets(name, words)) return false;
  if (words.back() == "auth") return true;
  for (size_t i = 0; i < words.size(); ++i) {
    if (is_secret_word(words, i)) return true;
  }
  return false;
}

bool names_secrets(std::string_view name) {
  const Words words = words_of(name);
  if (is_about_secrets(name, words)) return false;
  const bool is_open = words.size() > 1 && is_one_of(words[words.size() - 2], kOpenKeys);
  return is_one_of(words.back(), kPlurals) && !is_open;
}

}  // namespace perigee
