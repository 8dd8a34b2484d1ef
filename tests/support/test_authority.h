// An authority that makes certificates for tests, so that none lies about and expires.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/net/ssl_pointer.h"

namespace perigee {

// PEM texts.
struct TestIdentity {
  std::string certificate;
  std::string key;
};

struct TestSubject {
  std::vector<std::string> names{"DNS:localhost", "IP:127.0.0.1"};  // subjectAltName
  int valid_from_days = -1;                                         // from now
  int valid_until_days = 1;
  bool self_signed = false;
};

class TestAuthority {
 public:
  TestAuthority();

  // The authority's own certificate.
  const std::string& certificate() const { return pem_; }
  TestIdentity issue(const TestSubject& subject = {}) const;

 private:
  KeyPtr key_;
  X509Ptr certificate_;
  std::string pem_;
};

// The same key, encrypted.
std::string encrypted_key(const std::string& key, const std::string& password);

}  // namespace perigee
