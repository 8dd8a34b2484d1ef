#include "engine/net/tls_sessions.h"

#include <fmt/format.h>
#include <openssl/ssl.h>

namespace perigee {
namespace {

// Where a connection has the place of its session.
int place_index() {
  static const int kIndex = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return kIndex;
}

int keep(SSL* connection, SSL_SESSION* session) {
  auto* place = static_cast<SslSessionPtr*>(SSL_get_ex_data(connection, place_index()));
  if (place == nullptr) return 0;
  place->reset(session);
  return 1;
}

}  // namespace

void TlsSessions::use(ssl_st& connection, std::string_view host, uint16_t port) {
  SslSessionPtr& place = sessions_[fmt::format("{}:{}", host, port)];
  SSL_set_ex_data(&connection, place_index(), &place);
  if (place && SSL_SESSION_is_resumable(place.get()) == 1) {
    SSL_set_session(&connection, place.get());
  }
}

void TlsSessions::enable(ssl_ctx_st& context) {
  SSL_CTX_clear_options(&context, SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(&context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(&context, keep);
}

}  // namespace perigee
