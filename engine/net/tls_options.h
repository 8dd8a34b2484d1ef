// What TLS connections offer, accept and present: the settings of one context, as values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace perigee {

// As TLS itself numbers them.
enum class TlsVersion : uint16_t {
  kTls10 = 0x0301,
  kTls11 = 0x0302,
  kTls12 = 0x0303,
  kTls13 = 0x0304,
};

// "tls1.2", as k6 calls them.
const char* name_of(TlsVersion version);

// A PEM text, or the path of a file that holds one.
struct TlsPem {
  std::string text{};
  std::string where{};  // how messages call it: "options.tlsAuth[0].cert"
};

// Shown to servers that ask for one.
struct TlsClientCertificate {
  // In lower case, "*.example.org" for all hosts below; none: for any host.
  std::vector<std::string> domains{};
  TlsPem certificate{};  // may go on with the chain above it
  TlsPem key{};
  std::string password{};  // of the key; empty: it is not encrypted
};

struct TlsOptions {
  TlsVersion least = TlsVersion::kTls12;
  TlsVersion most = TlsVersion::kTls13;
  // By k6's, IANA's or OpenSSL's names, the preferred first; empty: OpenSSL's choice.
  std::vector<std::string> cipher_suites{};
  std::string cipher_suites_where = "cipher suites";  // how messages call them
  bool verify = true;  // the server's certificate: its chain, when it is valid, and its names
  std::vector<TlsPem> authorities{};  // trusted beside those of the system
  std::vector<TlsClientCertificate> certificates{};
  // A name or address that certificates must be for, and that servers are told, in place of the
  // URL's host; empty: the host.
  std::string server_name{};
  bool resumes_sessions = false;  // of connections that have a place for them
  std::string key_log{};          // a file that gets the secrets of all sessions; empty: none
};

}  // namespace perigee
