#include "engine/http/tunnel.h"

#include <map>

#include <doctest/doctest.h>

#include "tests/engine/http/tls_fixture.h"

namespace perigee::http {
namespace {

struct TunnelFixture : TlsFixture {
  // A proxy that becomes the server itself once it has answered CONNECT.
  RawServer proxy(const std::string& answer, RawServer::Script after = {}) {
    RawServer::Script script{RawServer::request(), RawServer::send(answer)};
    script.insert(script.end(), after.begin(), after.end());
    return serve(std::move(script),
                 {.identity = authority.issue({.names = {"DNS:server.test"}}), .at_once = false});
  }

  Response get_through(const std::string& address, const std::string& url) {
    Client proxied(loop, network, deadlines,
                   {.user_agent = "t",
                    .proxies = ProxySettings::through(address),
                    .tls = std::make_shared<TlsContext>(options)});
    ConnectionPool users(traffic);
    Answer answer;
    answer.after_end = [this] { loop.stop(); };
    answer.start(proxied, users, HttpFixture::request(url));
    run();
    return answer.response;
  }

  static std::string address(const RawServer& server, const std::string& user = {}) {
    return "http://" + user + "127.0.0.1:" + std::to_string(server.port());
  }
};

const std::string kYes = "HTTP/1.1 200 Connection established\r\nX: y\r\n\r\n";

TEST_CASE_FIXTURE(TunnelFixture, "an https URL is reached through a tunnel") {
  RawServer server =
      proxy(kYes, {RawServer::begin_tls(), RawServer::request(), RawServer::send(ok("through"))});
  const Response response = get_through(address(server, "me:pw@"), "https://server.test:8443/a?b");
  CHECK(response.outcome.error.text.empty());
  CHECK(response.body == "through");
  CHECK(response.outcome.timings.tls_handshaking > Duration::zero());
  REQUIRE(server.requests().size() == 2);
  CHECK(server.requests()[0] ==
        "CONNECT server.test:8443 HTTP/1.1\r\nHost: server.test:8443\r\n"
        "Proxy-Authorization: Basic bWU6cHc=\r\n\r\n");
  CHECK(server.requests()[1] ==
        "GET /a?b HTTP/1.1\r\nHost: server.test:8443\r\nUser-Agent: t\r\n\r\n");
  CHECK(server.server_names() == std::vector<std::string>{"server.test"});
}

TEST_CASE_FIXTURE(TunnelFixture, "a proxy that refuses a tunnel is told with its status") {
  RawServer server =
      proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nwho?");
  const Error error = get_through(address(server), "https://server.test/").outcome.error;
  CHECK(error.text == "proxy 127.0.0.1:" + std::to_string(server.port()) +
                          ": CONNECT was answered with 407 Proxy Authentication Required");
  CHECK(static_cast<int>(error.code) == 1200);
}

TEST_CASE_FIXTURE(TunnelFixture, "a proxy that answers CONNECT with something else") {
  const std::string begin = "proxy 127.0.0.1:";
  for (const auto& [answer, text] : std::map<std::string, std::string>{
           {"SSH-2.0-x\r\n", ": malformed HTTP response: "},
           {kYes + "early", ": malformed HTTP response: bytes after the answer to CONNECT"},
           {"HTTP/1.1 2", ": unexpected EOF"}}) {
    RawServer server = proxy(answer);
    const Error error = get_through(address(server), "https://server.test/").outcome.error;
    CHECK(error.code == ErrorCode::kTcp);
    CHECK_MESSAGE(error.text.starts_with("proxy 127.0.0.1:" + std::to_string(server.port()) + text),
                  error.text);
  }
}

TEST_CASE_FIXTURE(TunnelFixture, "the server beyond a tunnel must be who it says") {
  RawServer server = proxy(kYes, {RawServer::begin_tls(), RawServer::hang()});
  const Error error = get_through(address(server), "https://other.test/").outcome.error;
  CHECK(error.text == "x509: certificate doesn't match hostname");
  CHECK(error.code == ErrorCode::kWrongHost);
}

TEST_CASE_FIXTURE(TunnelFixture, "a proxy may be reached over TLS itself") {
  RawServer server = serve({RawServer::request(), RawServer::send(ok("secret way"))});
  const Response response = get_through(server.url(), "http://nowhere.test/x");
  CHECK(response.body == "secret way");
  CHECK(server.requests().at(0).starts_with("GET http://nowhere.test/x HTTP/1.1\r\n"));
}

TEST_CASE_FIXTURE(TunnelFixture, "a tunnel may lead through TLS to a server with TLS") {
  RawServer server =
      serve({RawServer::request(), RawServer::send(kYes), RawServer::begin_tls(),
             RawServer::request(), RawServer::send(ok("twice"))},
            {.identity = authority.issue({.names = {"IP:127.0.0.1", "DNS:server.test"}})});
  const Response response = get_through(server.url(), "https://server.test/x");
  CHECK(response.outcome.error.text == "");
  CHECK(response.body == "twice");
  CHECK(server.requests().at(0).starts_with("CONNECT server.test:443 HTTP/1.1\r\n"));
  CHECK(server.requests().at(1).starts_with("GET /x HTTP/1.1\r\n"));
}

}  // namespace
}  // namespace perigee::http
