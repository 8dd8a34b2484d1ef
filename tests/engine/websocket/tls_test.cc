// WebSockets over TLS.
#include <string>

#include "tests/engine/websocket/echo_fixture.h"
#include "tests/support/raw_server.h"
#include "tests/support/test_authority.h"

namespace perigee::websocket {
namespace {

constexpr uint64_t kSeed = 42;

// The key of the first handshake of a client with this seed.
std::string first_key() {
  RandomGenerator random(kSeed);
  random();  // for the masks
  return make_key(random);
}

RawServer::Script greeting() {
  return {RawServer::request(),
          RawServer::send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                          "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
                          accept_key(first_key()) + "\r\n\r\n"),
          RawServer::send(frame(0x81, "hello")), RawServer::send(close_frame(1000)),
          RawServer::hang()};
}

struct Result {
  Opening opening;
  std::vector<std::string> messages;
};

std::shared_ptr<const TlsContext> trusting(const TestAuthority& authority) {
  return std::make_shared<const TlsContext>(
      TlsOptions{.authorities = {{authority.certificate(), "test"}}});
}

Result play(const TestAuthority& trusted, const std::string& url, const std::string& proxy = {},
            const ClientSettings* own = nullptr) {
  LoopFixture fixture;
  NetOptions options;
  options.tls_context = trusting(trusted);
  Network network(fixture.loop, options);
  Deadlines deadlines(fixture.loop.timers());
  Client client(fixture.loop, network, deadlines,
                {.user_agent = "test", .proxies = http::ProxySettings::through(proxy)}, kSeed);
  EchoClient echo(fixture.loop);
  ConnectRequest request = EchoFixture::request(url);
  request.settings = own;
  echo.socket = client.connect(request, echo);
  fixture.run();
  echo.socket.reset();
  return {echo.opening, echo.messages};
}

TEST_CASE("wss speaks the same over TLS, also one byte at a time") {
  TestAuthority authority;
  for (const size_t segment : {0U, 1U}) {
    RawServer server({greeting()},
                     RawTlsOptions{.identity = authority.issue(), .segment = segment});
    const Result result = play(authority, server.url());
    CHECK(result.opening.error.text == "");
    CHECK(result.opening.status == 101);
    CHECK(result.messages == std::vector<std::string>{"hello"});
  }
}

TEST_CASE("a server whose certificate nobody trusts is refused") {
  TestAuthority authority, other;
  RawServer server({greeting()}, RawTlsOptions{.identity = authority.issue()});
  const Result result = play(other, server.url());
  CHECK(result.opening.status == 0);
  CHECK(static_cast<int>(result.opening.error.code) == 1310);
}

TEST_CASE("a request's own settings say how TLS is spoken") {
  TestAuthority authority, other;
  RawServer server({greeting()}, RawTlsOptions{.identity = authority.issue()});
  const ClientSettings own{.tls = trusting(authority)};
  CHECK(play(other, server.url(), {}, &own).opening.status == 101);
}

TEST_CASE("ws and wss go through a proxy") {
  TestAuthority authority;
  for (const std::string scheme : {"http", "https"}) {
    RawServer::Script script{RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\n\r\n")};
    if (scheme == "https") script.push_back(RawServer::begin_tls());
    const RawServer::Script then = greeting();
    script.insert(script.end(), then.begin(), then.end());
    RawServer proxy(
        {script},
        RawTlsOptions{.identity = authority.issue({.names = {"DNS:far.test"}}), .at_once = false});
    const std::string way = "http://me:pw@127.0.0.1:" + std::to_string(proxy.port());
    const Result result = play(authority, scheme + "://far.test:81/x", way);
    CHECK(result.opening.error.text == "");
    CHECK(result.messages == std::vector<std::string>{"hello"});
    CHECK(proxy.requests().at(0) ==
          "CONNECT far.test:81 HTTP/1.1\r\nHost: far.test:81\r\n"
          "Proxy-Authorization: Basic bWU6cHc=\r\n\r\n");
    CHECK(proxy.requests().at(1).starts_with("GET /x HTTP/1.1\r\nHost: far.test:81\r\n"));
  }
}

TEST_CASE("a proxy that refuses a WebSocket is told") {
  TestAuthority authority;
  RawServer proxy({{RawServer::request(), RawServer::send("HTTP/1.1 403 Forbidden\r\n\r\n")}});
  const Result result = play(authority, "http://far.test/x", proxy.url());
  CHECK(result.opening.error.text == "proxy 127.0.0.1:" + std::to_string(proxy.port()) +
                                         ": CONNECT was answered with 403 Forbidden");
}

}  // namespace
}  // namespace perigee::websocket
