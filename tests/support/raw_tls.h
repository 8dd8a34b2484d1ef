// The server's side of TLS for tests: over a blocking socket, in segments of any size, or over TLS.
#pragma once

#include <cstddef>
#include <memory>
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

// Appends what a blocking socket has, waiting for it; false when the connection is over.
bool receive(int fd, std::string& bytes);

// One connection; used by the thread that plays it.
class RawTls {
 public:
  RawTls(const RawTlsOptions& options, int fd, std::unique_ptr<RawTls> below = nullptr);
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
  bool send_segments(std::string_view bytes) const;

  const RawTlsOptions& options_;
  const int fd_;
  const std::unique_ptr<RawTls> below_;
  SslContextPtr context_;
  SslPtr ssl_;
};

}  // namespace perigee
