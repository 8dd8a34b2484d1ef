// What an opening handshake takes from the settings of HTTP clients.
#include <string>
#include <vector>

#include "engine/base/rate_limit.h"
#include "engine/http/http_debug.h"
#include "tests/engine/websocket/echo_fixture.h"
#include "tests/support/raw_server.h"

namespace perigee::websocket {
namespace {

// A client with these settings, and a server that refuses the handshake.
struct SettingsFixture : EchoFixture {
  // Returns the handshake as the server has got it.
  std::string handshake(const ClientSettings& settings, const ClientSettings* own = nullptr) {
    RawServer server({{RawServer::request(),
                       RawServer::send("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")}});
    Client talking(loop, network, deadlines, settings, 42);
    ConnectRequest request = EchoFixture::request(server.url());
    request.settings = own;
    echo.socket = talking.connect(request, echo);
    run();
    echo.socket.reset();
    return server.requests().at(0);
  }
};

}  // namespace

TEST_CASE_FIXTURE(SettingsFixture, "a handshake waits for its turn before its time begins") {
  RateLimit rate(20);
  const Instant first = rate.reserve(loop.now());
  handshake({.rate = &rate});
  CHECK(echo.opening.status == 403);
  CHECK(echo.opening.started >= first + std::chrono::milliseconds(50));
}

TEST_CASE_FIXTURE(SettingsFixture, "a handshake that waits for its turn can be given up") {
  RateLimit rate(1);
  rate.reserve(loop.now());
  Client talking(loop, network, deadlines, {.rate = &rate}, 42);
  auto socket = talking.connect(request("http://127.0.0.1:1/"), echo);
  CHECK_FALSE(loop.timers().empty());
  socket.reset();
  CHECK(loop.timers().empty());
}

TEST_CASE_FIXTURE(SettingsFixture, "the log gets a handshake and its response") {
  std::vector<std::string> lines;
  Log log({.format = LogFormat::kRaw,
           .sink = [&](std::string_view line) { lines.emplace_back(line); }});
  http::HttpDebug debug(log, /*bodies=*/false, "WebSocket ");
  handshake({.debug = &debug});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("WebSocket Request 1:\nGET / HTTP/1.1\n"));
  CHECK(lines[0].find("Upgrade: websocket\n") != std::string::npos);
  CHECK(lines[1].starts_with("WebSocket Response 1:\nHTTP/1.1 403 Forbidden\n"));
}

TEST_CASE_FIXTURE(SettingsFixture, "a request's own settings take the place of the client's") {
  const ClientSettings own{.user_agent = "own"};
  CHECK(handshake({.user_agent = "common"}).find("User-Agent: common\r\n") != std::string::npos);
  CHECK(handshake({.user_agent = "common"}, &own).find("User-Agent: own\r\n") != std::string::npos);
}

}  // namespace perigee::websocket
