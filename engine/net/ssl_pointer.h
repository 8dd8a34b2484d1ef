// Owning pointers to what OpenSSL makes.
#pragma once

#include <memory>

struct evp_pkey_st;
struct ssl_ctx_st;
struct ssl_session_st;
struct ssl_st;
struct x509_st;

namespace perigee {

struct SslDelete {
  void operator()(evp_pkey_st* key) const;
  void operator()(ssl_ctx_st* context) const;
  void operator()(ssl_session_st* session) const;
  void operator()(ssl_st* connection) const;
  void operator()(x509_st* certificate) const;
};

using KeyPtr = std::unique_ptr<evp_pkey_st, SslDelete>;
using SslContextPtr = std::unique_ptr<ssl_ctx_st, SslDelete>;
using SslSessionPtr = std::unique_ptr<ssl_session_st, SslDelete>;
using SslPtr = std::unique_ptr<ssl_st, SslDelete>;
using X509Ptr = std::unique_ptr<x509_st, SslDelete>;

}  // namespace perigee
