// A client that trusts an authority of the test's own, and servers with its certificates.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "tests/engine/http/http_fixture.h"
#include "tests/support/test_authority.h"

namespace perigee::http {

struct TlsFixture : LoopFixture {
  TestAuthority authority;
  // Read when the first request is sent.
  TlsOptions options{.authorities = {{authority.certificate(), "test"}}};
  HttpVersions versions = HttpVersions::kNegotiated;
  Duration timeout = std::chrono::seconds(60);
  Network network{loop};
  Deadlines deadlines{loop.timers()};
  Traffic traffic;
  std::unique_ptr<Client> client;
  std::unique_ptr<ConnectionPool> pool;

  RawServer serve(RawServer::Script script, RawTlsOptions tls = {}) {
    if (tls.identity.key.empty()) tls.identity = authority.issue();
    return RawServer({std::move(script)}, std::move(tls));
  }

  Response get(const std::string& url) { return send(HttpFixture::request(url)); }

  Response send(Request request) {
    if (client == nullptr) {
      client = std::make_unique<Client>(
          loop, network, deadlines,
          ClientSettings{.versions = versions, .tls = std::make_shared<TlsContext>(options)});
      pool = std::make_unique<ConnectionPool>(traffic);
    }
    request.timeout = timeout;
    Answer answer;
    answer.after_end = [this] { loop.stop(); };
    answer.start(*client, *pool, request);
    run();
    return answer.response;
  }

  // The error of a GET, as "number text".
  std::string error_of(const std::string& url) {
    const Error error = get(url).outcome.error;
    return std::to_string(static_cast<int>(error.code)) + " " + error.text;
  }
};

// The same URL with the scheme of TLS, which the server does not speak.
inline std::string https(const RawServer& server) {
  return "https" + server.url().substr(4);
}

}  // namespace perigee::http
