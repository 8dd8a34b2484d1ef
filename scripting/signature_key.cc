#include "scripting/signature_key.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "engine/base/suggest.h"

namespace perigee {
namespace {

struct Algorithm {
  std::string_view name;
  const EVP_MD* (*hash)();
  const char* kind;
  int padding = 0;           // of RSA
  int coordinate_bytes = 0;  // of ECDSA: half of a signature
};

constexpr std::array<Algorithm, 8> kAlgorithms{{{"RS256", EVP_sha256, "RSA", RSA_PKCS1_PADDING},
                                                {"RS384", EVP_sha384, "RSA", RSA_PKCS1_PADDING},
                                                {"RS512", EVP_sha512, "RSA", RSA_PKCS1_PADDING},
                                                {"PS256", EVP_sha256, "RSA", RSA_PKCS1_PSS_PADDING},
                                                {"PS384", EVP_sha384, "RSA", RSA_PKCS1_PSS_PADDING},
                                                {"PS512", EVP_sha512, "RSA", RSA_PKCS1_PSS_PADDING},
                                                {"ES256", EVP_sha256, "EC", 0, 32},
                                                {"ES384", EVP_sha384, "EC", 0, 48}}};

const Algorithm& find_algorithm(std::string_view name) {
  std::array<std::string_view, kAlgorithms.size()> names;
  std::transform(kAlgorithms.begin(), kAlgorithms.end(), names.begin(),
                 [](const Algorithm& algorithm) { return algorithm.name; });
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw std::runtime_error(fmt::format("there is no signature algorithm \"{}\"{}; there are {}",
                                         name, did_you_mean(name, names), fmt::join(names, ", ")));
  }
  return kAlgorithms.at(static_cast<size_t>(found - names.begin()));
}

struct Free {
  void operator()(BIO* memory) const { BIO_free(memory); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Memory = std::unique_ptr<BIO, Free>;
using Context = std::unique_ptr<EVP_MD_CTX, Free>;
using Points = std::unique_ptr<ECDSA_SIG, Free>;

Memory memory_of(std::string_view pem) {
  return Memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Without it OpenSSL would ask for a passphrase on the terminal.
int give_passphrase(char* buffer, int size, int /*writing*/, void* passphrase) {
  const auto& text = *static_cast<const std::string_view*>(passphrase);
  if (text.size() > static_cast<size_t>(size)) return -1;
  std::copy(text.begin(), text.end(), buffer);
  return static_cast<int>(text.size());
}

[[noreturn]] void refuse(const char* what) {
  ERR_clear_error();
  throw std::runtime_error(what);
}

void set_padding(EVP_PKEY_CTX* key, const Algorithm& algorithm) {
  if (algorithm.padding == 0) return;
  if (EVP_PKEY_CTX_set_rsa_padding(key, algorithm.padding) <= 0) refuse("the key can't be used");
  if (algorithm.padding == RSA_PKCS1_PSS_PADDING)
    EVP_PKEY_CTX_set_rsa_pss_saltlen(key, RSA_PSS_SALTLEN_DIGEST);
}

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// JSON Web Signatures have the two numbers one after the other, not in OpenSSL's ASN.1.
std::string without_asn1(std::string_view signature, int bytes) {
  const unsigned char* at = bytes_of(signature);
  const Points points(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(signature.size())));
  std::string joined(2 * static_cast<size_t>(bytes), '\0');
  auto* const out = reinterpret_cast<unsigned char*>(joined.data());
  if (!points || BN_bn2binpad(ECDSA_SIG_get0_r(points.get()), out, bytes) < 0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(points.get()), out + bytes, bytes) < 0) {
    refuse("the key can't sign");
  }
  return joined;
}

std::optional<std::string> with_asn1(std::string_view joined, int bytes) {
  if (joined.size() != 2 * static_cast<size_t>(bytes)) return std::nullopt;
  const Points points(ECDSA_SIG_new());
  const unsigned char* const in = bytes_of(joined);
  if (ECDSA_SIG_set0(points.get(), BN_bin2bn(in, bytes, nullptr),
                     BN_bin2bn(in + bytes, bytes, nullptr)) != 1) {
    return std::nullopt;
  }
  unsigned char* text = nullptr;
  const int size = i2d_ECDSA_SIG(points.get(), &text);
  if (size < 0) return std::nullopt;
  std::string signature(reinterpret_cast<const char*>(text), static_cast<size_t>(size));
  OPENSSL_free(text);
  return signature;
}

}  // namespace

void SignatureKey::FreeKey::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

SignatureKey SignatureKey::private_key(std::string_view pem, std::string_view passphrase) {
  const Memory memory = memory_of(pem);
  Handle key(PEM_read_bio_PrivateKey(memory.get(), nullptr, give_passphrase, &passphrase));
  if (!key) {
    const bool encrypted = pem.find("ENCRYPTED") != std::string_view::npos;
    refuse(encrypted ? "the private key is encrypted, and the passphrase does not open it"
                     : "this is no private key in PEM (-----BEGIN PRIVATE KEY-----)");
  }
  return SignatureKey(std::move(key));
}

SignatureKey SignatureKey::public_key(std::string_view pem) {
  std::string_view none;
  if (pem.find("BEGIN CERTIFICATE") != std::string_view::npos) {
    const std::unique_ptr<X509, Free> certificate(
        PEM_read_bio_X509(memory_of(pem).get(), nullptr, give_passphrase, &none));
    if (Handle key(certificate ? X509_get_pubkey(certificate.get()) : nullptr); key)
      return SignatureKey(std::move(key));
  }
  Handle key(PEM_read_bio_PUBKEY(memory_of(pem).get(), nullptr, give_passphrase, &none));
  if (!key) refuse("this is no public key or certificate in PEM (-----BEGIN PUBLIC KEY-----)");
  return SignatureKey(std::move(key));
}

void SignatureKey::check_kind(std::string_view algorithm) const {
  const Algorithm& used = find_algorithm(algorithm);
  if (EVP_PKEY_is_a(key_.get(), used.kind) != 1) {
    throw std::runtime_error(fmt::format("{} needs a key of the kind {}, and this is one of {}",
                                         algorithm, used.kind,
                                         EVP_PKEY_get0_type_name(key_.get())));
  }
  const int bits = EVP_PKEY_get_bits(key_.get());
  if (used.coordinate_bytes > 0 && bits != 8 * used.coordinate_bytes) {
    throw std::runtime_error(fmt::format("{} needs a curve of {} bits, and this key's has {}",
                                         algorithm, 8 * used.coordinate_bytes, bits));
  }
}

std::string SignatureKey::sign(std::string_view algorithm, std::string_view data) const {
  check_kind(algorithm);
  const Algorithm& used = find_algorithm(algorithm);
  const Context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key = nullptr;
  if (EVP_DigestSignInit(context.get(), &key, used.hash(), nullptr, key_.get()) != 1)
    refuse("the key can't be used");
  set_padding(key, used);
  size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, bytes_of(data), data.size()) != 1)
    refuse("the key can't sign");
  std::string signature(size, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(signature.data());
  if (EVP_DigestSign(context.get(), out, &size, bytes_of(data), data.size()) != 1)
    refuse("the key is too short for this algorithm");
  signature.resize(size);
  return used.coordinate_bytes > 0 ? without_asn1(signature, used.coordinate_bytes) : signature;
}

bool SignatureKey::verify(std::string_view algorithm, std::string_view data,
                          std::string_view signature) const {
  check_kind(algorithm);
  const Algorithm& used = find_algorithm(algorithm);
  std::string text(signature);
  if (used.coordinate_bytes > 0) {
    auto whole = with_asn1(signature, used.coordinate_bytes);
    if (!whole) return false;
    text = std::move(*whole);
  }
  const Context context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key = nullptr;
  if (EVP_DigestVerifyInit(context.get(), &key, used.hash(), nullptr, key_.get()) != 1)
    refuse("the key can't be used");
  set_padding(key, used);
  const bool holds = EVP_DigestVerify(context.get(), bytes_of(text), text.size(), bytes_of(data),
                                      data.size()) == 1;
  ERR_clear_error();
  return holds;
}

}  // namespace perigee
