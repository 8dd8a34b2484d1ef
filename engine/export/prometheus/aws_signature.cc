#include "engine/export/prometheus/aws_signature.h"

#include <algorithm>
#include <array>
#include <ctime>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "engine/base/check.h"
#include "engine/export/percent_encode.h"
#include "engine/http/header_fields.h"
#include "engine/http/server/request.h"

namespace perigee::exports {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

using Digest = std::array<unsigned char, 32>;

std::string hex(const Digest& digest) {
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::string hash_of(std::string_view text) {
  Digest digest{};
  unsigned size = 0;
  PERIGEE_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha256(), nullptr) ==
                1);
  return hex(digest);
}

Digest sign(std::string_view key, std::string_view text) {
  Digest digest{};
  unsigned size = 0;
  PERIGEE_CHECK(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     digest.data(), &size) != nullptr);
  return digest;
}

Digest sign(const Digest& key, std::string_view text) {
  return sign(std::string_view(reinterpret_cast<const char*>(key.data()), key.size()), text);
}

// The path is encoded once more, but for its slashes. S3 alone takes it encoded once, in this
// spelling whatever the request's is.
std::string canonical_path(std::string_view path, bool once) {
  std::string canonical;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    canonical += once ? percent_encode(http::percent_decode(part)) : percent_encode(part);
    if (part.size() < path.size()) canonical += '/';
    path.remove_prefix(std::min(part.size() + 1, path.size()));
  }
  return canonical.empty() ? "/" : canonical;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    const std::string_view entry = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(entry.size() + 1, query.size()));
    const size_t end = std::min(entry.find('='), entry.size());
    const std::string_view value = entry.substr(std::min(end + 1, entry.size()));
    parameters.emplace_back(percent_encode(http::percent_decode(entry.substr(0, end))),
                            percent_encode(http::percent_decode(value)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string canonical;
  for (const auto& [name, value] : parameters)
    canonical += fmt::format("{}{}={}", canonical.empty() ? "" : "&", name, value);
  return canonical;
}

struct CanonicalHeaders {
  std::string lines;
  std::string names;
};

CanonicalHeaders canonical_headers(const AwsRequest& request) {
  std::vector<std::pair<std::string, std::string>> sorted;
  for (const auto& [name, value] : request.headers)
    sorted.emplace_back(http::to_lower(name), http::trim(value));
  std::sort(sorted.begin(), sorted.end());
  CanonicalHeaders canonical;
  for (const auto& [name, value] : sorted) {
    canonical.lines += fmt::format("{}:{}\n", name, value);
    canonical.names += fmt::format("{}{}", canonical.names.empty() ? "" : ";", name);
  }
  return canonical;
}

}  // namespace

std::string aws_time(WallTime at) {
  const std::time_t seconds =
      std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const size_t size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return {text.data(), size};
}

std::string aws_authorization(const AwsKey& key, const AwsRequest& request, std::string_view time) {
  const size_t end = std::min(request.target.find('?'), request.target.size());
  const std::string_view query = request.target.substr(std::min(end + 1, request.target.size()));
  const CanonicalHeaders headers = canonical_headers(request);
  const std::string canonical =
      fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method,
                  canonical_path(request.target.substr(0, end), key.service == "s3"),
                  canonical_query(query), headers.lines, headers.names,
                  request.body_hash.empty() ? hash_of(request.body) : request.body_hash);
  const std::string_view date = time.substr(0, 8);
  const std::string scope = fmt::format("{}/{}/{}/aws4_request", date, key.region, key.service);
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}", kAlgorithm, time, scope, hash_of(canonical));
  const Digest daily = sign(fmt::format("AWS4{}", key.secret_key), date);
  const Digest signing = sign(sign(sign(daily, key.region), key.service), "aws4_request");
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm,
                     key.access_key, scope, headers.names, hex(sign(signing, text)));
}

}  // namespace perigee::exports
