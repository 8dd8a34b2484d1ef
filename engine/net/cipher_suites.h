// The names of cipher suites.
#pragma once

#include <string>
#include <vector>

struct ssl_cipher_st;
struct ssl_ctx_st;

namespace perigee {

// What k6 calls it: the IANA name, but for two that Go named before IANA did. A literal.
const char* name_of(const ssl_cipher_st& suite);

// Allows connections of the context just these, given by k6's, IANA's or OpenSSL's names. Those of
// TLS 1.3 are left as they are if none is among them, and so are those of older versions. Throws
// ConfigError, which begins with `where`, for a name that OpenSSL does not know.
void allow_cipher_suites(ssl_ctx_st& context, const std::vector<std::string>& names,
                         const std::string& where);

}  // namespace perigee
