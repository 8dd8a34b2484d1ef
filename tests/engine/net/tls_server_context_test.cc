#include "engine/net/tls_server_context.h"

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "engine/base/config_error.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

struct SessionDelete {
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using SessionPtr = std::unique_ptr<SSL_SESSION, SessionDelete>;

TlsServerOptions options_of(const TestIdentity& identity) {
  return {.certificate = {identity.certificate, "--tls-cert"},
          .key = {identity.key, "--tls-key"},
          .protocols = {"h2", "http/1.1"}};
}

std::string error_of(const TlsServerOptions& options) {
  try {
    const TlsServerContext context(options);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "(no error)";
}

// OpenSSL's own client beside a connection of the server, in memory.
struct Pair {
  Pair(const TlsServerContext& context, int version, const std::string& offered,
       SSL_SESSION* session = nullptr)
      : client_context(SSL_CTX_new(TLS_client_method())),
        client(SSL_new(client_context.get())),
        server(context.connection()) {
    SSL_set_max_proto_version(client.get(), version);
    SSL_set_alpn_protos(client.get(), reinterpret_cast<const unsigned char*>(offered.data()),
                        static_cast<unsigned>(offered.size()));
    if (session != nullptr) SSL_set_session(client.get(), session);
    BIO* client_end = nullptr;
    BIO* server_end = nullptr;
    BIO_new_bio_pair(&client_end, 0, &server_end, 0);
    SSL_set_bio(client.get(), client_end, client_end);
    SSL_set_bio(server.get(), server_end, server_end);
    SSL_set_connect_state(client.get());
  }

  // Whether both are through after the rounds that the longest handshake takes.
  bool shake_hands() const {
    bool done = false;
    for (int round = 0; round < 5; ++round) {
      const bool client_done = SSL_do_handshake(client.get()) == 1;
      done = SSL_do_handshake(server.get()) == 1 && client_done;
    }
    char none = 0;
    SSL_read(client.get(), &none, 1);  // tickets come after the handshake
    return done;
  }

  SslContextPtr client_context;
  SslPtr client, server;
};

std::string protocol_of(const Pair& pair) {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(pair.client.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

TEST_CASE("a client that comes again resumes its session") {
  const TestAuthority authority;
  const TlsServerContext context(options_of(authority.issue()));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    CAPTURE(version);
    const Pair first(context, version, "");
    REQUIRE(first.shake_hands());
    CHECK(SSL_session_reused(first.server.get()) == 0);
    const SessionPtr session(SSL_get1_session(first.client.get()));
    const Pair second(context, version, "", session.get());
    REQUIRE(second.shake_hands());
    CHECK(SSL_session_reused(second.server.get()) == 1);
  }
}

TEST_CASE("the server's first protocol that the client offers is agreed on") {
  const TestAuthority authority;
  const TlsServerContext context(options_of(authority.issue()));
  const Pair both(context, TLS1_3_VERSION, "\x08http/1.1\x02h2");
  REQUIRE(both.shake_hands());
  CHECK(protocol_of(both) == "h2");
  const Pair one(context, TLS1_3_VERSION, "\x03h2c\x08http/1.1");
  REQUIRE(one.shake_hands());
  CHECK(protocol_of(one) == "http/1.1");
  const Pair none(context, TLS1_3_VERSION, "");
  REQUIRE(none.shake_hands());
  CHECK(protocol_of(none).empty());
  CHECK_FALSE(Pair(context, TLS1_3_VERSION, "\x03h2c").shake_hands());
}

TEST_CASE("a certificate or key that can't be used is named, with what is wrong") {
  const TestAuthority authority;
  TlsServerOptions options = options_of(authority.issue());
  options.certificate.text = "/nowhere/cert.pem";
  CHECK(error_of(options) ==
        "--tls-cert: /nowhere/cert.pem: can't read the file: No such file or directory");
  options = options_of(authority.issue());
  options.key.text = authority.issue().key;
  CHECK(error_of(options) == "--tls-key: the key does not fit the certificate (--tls-cert)");
}

}  // namespace
}  // namespace perigee
