// Hashes and keyed hashes (HMAC) of bytes that come in parts, by OpenSSL.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// OpenSSL's own names, so that its header stays out of this one.
struct evp_md_ctx_st;
struct evp_mac_ctx_st;

namespace perigee {

class MessageDigest {
 public:
  // The algorithms by the names scripts give them: md5, sha256, sha512_256, ...
  static std::span<const std::string_view> algorithms();
  // Why the system's OpenSSL refuses one of them; empty if it does not.
  static std::string refusal(std::string_view algorithm);

  // With `key`, an HMAC. Throws std::runtime_error for an algorithm that is unknown, or that the
  // system's OpenSSL does not have.
  MessageDigest(std::string_view algorithm, std::optional<std::string_view> key);
  ~MessageDigest();
  MessageDigest(const MessageDigest&) = delete;
  MessageDigest& operator=(const MessageDigest&) = delete;

  void update(std::string_view bytes);
  // The digest of all parts so far; more may follow.
  std::string digest() const;

 private:
  struct FreeHash {
    void operator()(evp_md_ctx_st* context) const;
  };
  struct FreeMac {
    void operator()(evp_mac_ctx_st* context) const;
  };

  // One of them.
  std::unique_ptr<evp_md_ctx_st, FreeHash> hash_;
  std::unique_ptr<evp_mac_ctx_st, FreeMac> mac_;
};

}  // namespace perigee
