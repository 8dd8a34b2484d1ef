// The server's side of TLS for tests: over a blocking socket, in segments of any size.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/net/ssl_pointer.h"
#include "tests/support/test_authority.h"

namespace perigee {

struct RawTlsOptions {
  TestIdentity identity{};
  std::string client_authority{};  // PEM; a client must show a certificate that it has signed
  int version = 0;                 // TLS1_2_VERSION: no other; 0: any
  std::string protocols{};         // for ALPN, comma-separated; what is not there is refused
  bool at_once = true;             // else when the script says so
  size_t segment = 0;              // bytes that are sent at a time; 0: all
};

// One connection; used by the thread that plays it.
class RawTls {
 public:
  RawTls(const RawTlsOptions& options, int fd);
  ~RawTls();
  RawTls(const RawTls&) = delete;
  RawTls& operator=(const RawTls&) = delete;

  // Each is false when the connection is over.
  bool accept();
  bool read(std::string& bytes);
  bool send(std::string_view bytes);
  // Ends TLS in order.
  void close();
  void ask_to_renegotiate();
  std::string server_name() const;
  bool has_client_certificate() const;

 private:
  bool receive();
  bool flush();

  const RawTlsOptions& options_;
  const int fd_;
  SslContextPtr context_;
  SslPtr ssl_;
};

}  // namespace perigee
