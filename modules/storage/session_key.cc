#include "modules/storage/session_key.h"

#include <memory>
#include <stdexcept>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

namespace perigee {
namespace {

constexpr unsigned kBits = 2048;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(BIO* memory) const { BIO_free(memory); }
};

void require(bool succeeded) {
  if (!succeeded) throw std::runtime_error("OpenSSL made no key");
}

std::string text_of(BIO* memory) {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(memory, &bytes);
  return {bytes, static_cast<size_t>(size)};
}

}  // namespace

SessionKey make_session_key() {
  const std::unique_ptr<EVP_PKEY, Free> key(EVP_RSA_gen(kBits));
  const std::unique_ptr<BIO, Free> hidden(BIO_new(BIO_s_mem()));
  const std::unique_ptr<BIO, Free> shown(BIO_new(BIO_s_mem()));
  require(key != nullptr && hidden != nullptr && shown != nullptr);
  require(PEM_write_bio_PrivateKey(hidden.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                   nullptr) == 1);
  require(PEM_write_bio_PUBKEY(shown.get(), key.get()) == 1);
  return {.private_pem = text_of(hidden.get()), .public_pem = text_of(shown.get())};
}

}  // namespace perigee
