#include "scripting/message_digest.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "engine/base/suggest.h"

namespace perigee {
namespace {

constexpr std::array<std::string_view, 9> kNames{
    "md4", "md5", "ripemd160", "sha1", "sha256", "sha384", "sha512", "sha512_224", "sha512_256"};
// What OpenSSL calls them.
constexpr std::array<const char*, kNames.size()> kOpensslNames{
    "MD4", "MD5", "RIPEMD160", "SHA1", "SHA2-256", "SHA384", "SHA512", "SHA512-224", "SHA512-256"};

void require(int succeeded) {
  if (succeeded != 1) throw std::runtime_error("OpenSSL refused to compute the digest");
}

struct FreeAlgorithm {
  void operator()(EVP_MD* algorithm) const { EVP_MD_free(algorithm); }
  void operator()(EVP_MAC* algorithm) const { EVP_MAC_free(algorithm); }
};
using HashPtr = std::unique_ptr<EVP_MD, FreeAlgorithm>;
using MacPtr = std::unique_ptr<EVP_MAC, FreeAlgorithm>;

// Null if the OpenSSL of this system does not offer it.
HashPtr find_hash(size_t index) {
  return HashPtr(EVP_MD_fetch(nullptr, kOpensslNames[index], /*properties=*/nullptr));
}

size_t index_of(std::string_view name) {
  return static_cast<size_t>(std::find(kNames.begin(), kNames.end(), name) - kNames.begin());
}

[[noreturn]] void refuse_name(std::string_view name) {
  std::vector<std::string_view> offered;
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (find_hash(i)) offered.push_back(kNames[i]);
  }
  throw std::runtime_error(fmt::format("there is no hash algorithm \"{}\"{}; there are {}", name,
                                       did_you_mean(name, offered), fmt::join(offered, ", ")));
}

HashPtr fetch(std::string_view name) {
  if (std::find(kNames.begin(), kNames.end(), name) == kNames.end()) refuse_name(name);
  if (HashPtr hash = find_hash(index_of(name))) return hash;
  throw std::runtime_error(MessageDigest::refusal(name));
}

}  // namespace

void MessageDigest::FreeHash::operator()(EVP_MD_CTX* context) const {
  EVP_MD_CTX_free(context);
}

void MessageDigest::FreeMac::operator()(EVP_MAC_CTX* context) const {
  EVP_MAC_CTX_free(context);
}

std::span<const std::string_view> MessageDigest::algorithms() {
  return kNames;
}

std::string MessageDigest::refusal(std::string_view algorithm) {
  if (find_hash(index_of(algorithm))) return "";
  return fmt::format(
      "the OpenSSL of this system does not offer {}: it is outdated and belongs to OpenSSL's "
      "legacy provider, which openssl.cnf can activate",
      algorithm);
}

MessageDigest::MessageDigest(std::string_view algorithm, std::optional<std::string_view> key) {
  const HashPtr hash = fetch(algorithm);
  if (!key) {
    hash_.reset(EVP_MD_CTX_new());
    require(EVP_DigestInit_ex2(hash_.get(), hash.get(), nullptr));
    return;
  }
  const MacPtr hmac(EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr));
  mac_.reset(EVP_MAC_CTX_new(hmac.get()));
  std::string name = EVP_MD_get0_name(hash.get());
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), name.size()),
      OSSL_PARAM_construct_end()};
  const std::string own_key(*key);  // never null, which would mean "the key set before"
  require(EVP_MAC_init(mac_.get(), reinterpret_cast<const unsigned char*>(own_key.data()),
                       own_key.size(), parameters));
}

MessageDigest::~MessageDigest() = default;

void MessageDigest::update(std::string_view bytes) {
  if (hash_) {
    require(EVP_DigestUpdate(hash_.get(), bytes.data(), bytes.size()));
  } else {
    require(EVP_MAC_update(mac_.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                           bytes.size()));
  }
}

// Finishing a context ends it, hence the copy.
std::string MessageDigest::digest() const {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  size_t size = 0;
  if (hash_) {
    const std::unique_ptr<EVP_MD_CTX, FreeHash> copy(EVP_MD_CTX_new());
    unsigned written = 0;
    require(EVP_MD_CTX_copy_ex(copy.get(), hash_.get()));
    require(EVP_DigestFinal_ex(copy.get(), bytes.data(), &written));
    size = written;
  } else {
    const std::unique_ptr<EVP_MAC_CTX, FreeMac> copy(EVP_MAC_CTX_dup(mac_.get()));
    require(EVP_MAC_final(copy.get(), bytes.data(), &size, bytes.size()));
  }
  return {reinterpret_cast<const char*>(bytes.data()), size};
}

}  // namespace perigee
