#include "tests/support/raw_tls.h"

#include <algorithm>
#include <array>
#include <utility>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include "engine/net/pem.h"

namespace perigee {
namespace {

int choose_protocol(SSL* /*ssl*/, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned offered_size, void* known) {
  const std::string_view list = *static_cast<const std::string*>(known);
  while (offered_size > 0) {
    const std::string_view name(reinterpret_cast<const char*>(offered + 1), *offered);
    if (("," + std::string(list) + ",").find("," + std::string(name) + ",") != std::string::npos) {
      *chosen = offered + 1;
      *size = *offered;
      return SSL_TLSEXT_ERR_OK;
    }
    offered_size -= *offered + 1U;
    offered += *offered + 1U;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

SslContextPtr make_context(const RawTlsOptions& options) {
  SslContextPtr context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* raw = context.get();
  SSL_CTX_use_certificate(raw, read_certificates({options.identity.certificate, "test"})[0].get());
  SSL_CTX_use_PrivateKey(raw, read_key({options.identity.key, "test"}, "").get());
  if (options.version != 0) {
    SSL_CTX_set_min_proto_version(raw, options.version);
    SSL_CTX_set_max_proto_version(raw, options.version);
  }
  if (!options.client_authority.empty()) {
    const auto authority = read_certificates({options.client_authority, "test"});
    X509_STORE_add_cert(SSL_CTX_get_cert_store(raw), authority[0].get());
    SSL_CTX_set_verify(raw, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  if (!options.protocols.empty()) {
    SSL_CTX_set_alpn_select_cb(raw, choose_protocol, const_cast<std::string*>(&options.protocols));
  }
  return context;
}

}  // namespace

bool receive(int fd, std::string& bytes) {
  std::array<char, 65536> buffer;
  const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
  if (size <= 0) return false;
  bytes.append(buffer.data(), static_cast<size_t>(size));
  return true;
}

RawTls::RawTls(const RawTlsOptions& options, int fd, std::unique_ptr<RawTls> below)
    : options_(options),
      fd_(fd),
      below_(std::move(below)),
      context_(make_context(options)),
      ssl_(SSL_new(context_.get())) {
  SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  BIO_set_mem_eof_return(SSL_get_rbio(ssl_.get()), -1);
  SSL_set_accept_state(ssl_.get());
}

RawTls::~RawTls() = default;

bool RawTls::receive() {
  std::string bytes;
  if (below_ ? !below_->read(bytes) : !perigee::receive(fd_, bytes)) return false;
  BIO_write(SSL_get_rbio(ssl_.get()), bytes.data(), static_cast<int>(bytes.size()));
  return true;
}

bool RawTls::flush() {
  char* data = nullptr;
  BIO* out = SSL_get_wbio(ssl_.get());
  const long pending = BIO_get_mem_data(out, &data);
  const std::string_view bytes(data, static_cast<size_t>(pending));
  const bool open = below_ ? below_->send(bytes) : send_segments(bytes);
  BIO_reset(out);
  return open;
}

bool RawTls::send_segments(std::string_view bytes) const {
  bool open = true;
  while (!bytes.empty() && open) {
    const size_t size = options_.segment == 0 ? bytes.size() : options_.segment;
    open = ::send(fd_, bytes.data(), std::min(size, bytes.size()), MSG_NOSIGNAL) > 0;
    bytes.remove_prefix(std::min(size, bytes.size()));
  }
  return open;
}

bool RawTls::accept() {
  for (;;) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_.get());
    const bool wants_more = SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ;
    if (!flush()) return false;
    if (result == 1) return true;
    if (!wants_more || !receive()) return false;
  }
}

bool RawTls::read(std::string& bytes) {
  for (;;) {
    std::array<char, 16384> buffer;
    ERR_clear_error();
    const int size = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
    const bool wants_more = SSL_get_error(ssl_.get(), size) == SSL_ERROR_WANT_READ;
    flush();
    if (size > 0) {
      bytes.append(buffer.data(), static_cast<size_t>(size));
      return true;
    }
    if (!wants_more || !receive()) return false;
  }
}

bool RawTls::send(std::string_view bytes) {
  SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
  return flush();
}

void RawTls::close() {
  SSL_shutdown(ssl_.get());
  flush();
}

void RawTls::ask_to_renegotiate() {
  SSL_renegotiate(ssl_.get());
  SSL_do_handshake(ssl_.get());
  flush();
}

std::string RawTls::server_name() const {
  const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
  return name == nullptr ? "" : name;
}

bool RawTls::has_client_certificate() const {
  return SSL_get0_peer_certificate(ssl_.get()) != nullptr;
}

}  // namespace perigee
