// A client that sends every message back, for the tests of this folder.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/websocket/socket.h"
#include "tests/engine/websocket/wire_server.h"
#include "tests/support/loop_fixture.h"

namespace perigee::websocket {

// Opens one connection and stops the loop when it has failed or is closed.
struct EchoClient final : SocketEvents {
  explicit EchoClient(Loop& its_loop) : loop(its_loop) {}

  void on_opened(const Opening& result) override {
    opening = result;
    if (opening.error) return loop.stop();
    if (on_open) on_open(*socket->session());
    on_activity();
  }
  void on_activity() override {
    Session& session = *socket->session();
    while (auto incoming = session.take()) {
      if (incoming->opcode == Opcode::kPong) pongs.push_back(incoming->payload);
      if (is_control(incoming->opcode)) continue;
      if (session.state() == Session::State::kOpen && echoes) {
        session.send(incoming->opcode, incoming->payload);
      }
      messages.push_back(std::move(incoming->payload));
    }
    if (session.state() != Session::State::kClosed) return;
    ending = session.ending();
    loop.stop();
  }

  Loop& loop;
  std::unique_ptr<Socket> socket;
  std::function<void(Session&)> on_open;
  bool echoes = true;
  Opening opening;
  std::vector<std::string> messages;
  std::vector<std::string> pongs;
  std::optional<Ending> ending;
};

struct EchoFixture : LoopFixture {
  Network network{loop};
  Deadlines deadlines{loop.timers()};
  Client client{loop, network, deadlines, {.user_agent = "perigee/test", .proxies = {}}, 42};
  EchoClient echo{loop};

  static ConnectRequest request(const std::string& url) {
    std::string error;
    auto parsed = http::parse_url(url, error);
    REQUIRE_MESSAGE(parsed, error);
    ConnectRequest result;
    result.url = std::make_shared<const http::Url>(std::move(*parsed));
    return result;
  }

  // Connects and runs the loop until the end.
  void play(const ConnectRequest& request) {
    echo.socket = client.connect(request, echo);
    run();
    if (echo.opening.error) echo.socket.reset();
  }
};

}  // namespace perigee::websocket
