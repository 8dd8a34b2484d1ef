// Keys in PEM that sign and verify as JSON Web Signatures name it (RS256 and its like), by OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

// OpenSSL's own name, so that its header stays out of this one.
struct evp_pkey_st;

namespace perigee {

class SignatureKey {
 public:
  // `passphrase` is that of an encrypted key. Throws std::runtime_error, without a word of the key,
  // for what is no key.
  static SignatureKey private_key(std::string_view pem, std::string_view passphrase);
  // A public key or a certificate.
  static SignatureKey public_key(std::string_view pem);

  // The bytes of the signature. Throws std::runtime_error for an algorithm that is unknown or not
  // that of the key.
  std::string sign(std::string_view algorithm, std::string_view data) const;
  bool verify(std::string_view algorithm, std::string_view data, std::string_view signature) const;

 private:
  struct FreeKey {
    void operator()(evp_pkey_st* key) const;
  };
  using Handle = std::unique_ptr<evp_pkey_st, FreeKey>;

  explicit SignatureKey(Handle key) : key_(std::move(key)) {}
  void check_kind(std::string_view algorithm) const;

  Handle key_;
};

}  // namespace perigee
