#include "tests/support/test_authority.h"

#include <atomic>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace perigee {
namespace {

struct BioDelete {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using BioPtr = std::unique_ptr<BIO, BioDelete>;

KeyPtr make_key() {
  return KeyPtr(EVP_EC_gen("P-256"));
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}

void set_name(X509_NAME* name, const char* text) {
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(text),
                             -1, -1, 0);
}

void add_extension(X509* certificate, int kind, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509Ptr make_certificate(EVP_PKEY* key, const char* name, int from_days, int until_days) {
  static std::atomic<long> serial{1};
  X509Ptr certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_days * 86'400L);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until_days * 86'400L);
  X509_set_pubkey(certificate.get(), key);
  set_name(X509_get_subject_name(certificate.get()), name);
  return certificate;
}

}  // namespace

TestAuthority::TestAuthority()
    : key_(make_key()), certificate_(make_certificate(key_.get(), "Test Authority", -30, 30)) {
  X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
  add_extension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(certificate_.get(), key_.get(), EVP_sha256());
  pem_ = pem_of(certificate_.get());
}

TestIdentity TestAuthority::issue(const TestSubject& subject) const {
  const KeyPtr key = make_key();
  const X509Ptr certificate =
      make_certificate(key.get(), "test", subject.valid_from_days, subject.valid_until_days);
  if (!subject.names.empty()) {
    add_extension(certificate.get(), NID_subject_alt_name,
                  fmt::format("{}", fmt::join(subject.names, ",")));
  }
  X509* issuer = subject.self_signed ? certificate.get() : certificate_.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  X509_sign(certificate.get(), subject.self_signed ? key.get() : key_.get(), EVP_sha256());
  return {pem_of(certificate.get()), pem_of(key.get())};
}

std::string encrypted_key(const std::string& key, const std::string& password) {
  const BioPtr in(BIO_new_mem_buf(key.data(), static_cast<int>(key.size())));
  const KeyPtr decoded(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr));
  const BioPtr out(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(out.get(), decoded.get(), EVP_aes_128_cbc(),
                           reinterpret_cast<const unsigned char*>(password.data()),
                           static_cast<int>(password.size()), nullptr, nullptr);
  return text_of(out.get());
}

}  // namespace perigee
