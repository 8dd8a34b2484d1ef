// The WebSocket API against the servers that the environment names; see
// tests/peers/with_websockets.
#include <string>

#include <doctest/doctest.h>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

// One iteration of this body for each server, in `url`; they must end without an error.
struct Iterations : ScriptRun {
  explicit Iterations(const std::string& body)
      : ScriptRun(
            "local websocket = require 'perigee.websocket'\n"
            "local servers = { __ENV.WEBSOCKETS_URL, __ENV.WS_URL }\n"
            "assert(#servers == 2)\n"
            "return { options = { iterations = 2 }, default = function()\n"
            "local url = servers[__ITER + 1]\n" +
            body + "\nend }") {
    CHECK_MESSAGE(exit_code() == 0, log());
    CHECK_MESSAGE(count("iteration_errors") == 0, log());
    CHECK(count("ws_sessions") == 2);
  }
};

}  // namespace

TEST_CASE("messages of every size come back") {
  Iterations run(R"lua(
    local ws = websocket.connect(url)
    assert(ws.status == 101, ws.error)
    for _, size in ipairs({ 0, 1, 125, 126, 65535, 65536, 1000000 }) do
      ws:send(("x"):rep(size))
      assert(#ws:receive("10s").data == size)
      ws:send_binary(("\255"):rep(size))
      local message = ws:receive("10s")
      assert(#message.data == size and message.binary)
    end
    ws:close()
  )lua");
  CHECK(run.count("ws_msgs_sent") == 28);
  CHECK(run.count("ws_msgs_received") == 28);
}

TEST_CASE("messages are packed as each agreement says") {
  const Iterations run(R"lua(
    local text = {}
    for i = 1, 5000 do text[i] = i * 7919 % 1000 end
    text = table.concat(text, " ")
    local ws = websocket.connect(url, { compression = "deflate" })
    assert(ws.compressed, ws.error)
    for _ = 1, 3 do
      ws:send(text)
      assert(ws:receive("10s").data == text)
    end
    ws:close()
  )lua");
  const Iterations contexts(R"lua(
    local text = ("a text that repeats itself "):rep(5000)
    local ws = websocket.connect(url, { compression = {
      contextTakeover = true, clientMaxWindowBits = 10, serverMaxWindowBits = 11 } })
    assert(ws.compressed, ws.error)
    for _ = 1, 3 do
      ws:send(text)
      assert(ws:receive("10s").data == text)
    end
    ws:close()
  )lua");
}

TEST_CASE("a subprotocol is agreed on") {
  const Iterations run(R"lua(
    local ws = websocket.connect(url, { subprotocols = { "chat", "echo" } })
    assert(ws.subprotocol == "echo", ws.error)
    ws:close()
  )lua");
}

TEST_CASE("subprotocols may stand in a list in the header, as for k6") {
  const Iterations run(R"lua(
    local ws = websocket.connect(url, { headers = { ["Sec-WebSocket-Protocol"] = "chat, echo" } })
    assert(ws.status == 101 and ws.subprotocol == "echo", ws.error)
    ws:close()
  )lua");
}

TEST_CASE("pings go both ways") {
  Iterations run(R"lua(
    local ws = websocket.connect(url)
    local pinged, ponged
    function ws.on_ping(ping) pinged = ping.data end
    function ws.on_pong() ponged = true end
    ws:ping()
    ws:send("ping")
    assert(ws:receive("10s").data == "pong")
    assert(pinged == "from the server" and ponged)
    ws:close()
  )lua");
  CHECK(run.count("ws_ping") == 2);
}

TEST_CASE("a close of the server has its code and reason") {
  const Iterations run(R"lua(
    local ws = websocket.connect(url)
    ws:send("close")
    assert(select(2, ws:receive("10s")) == "closed")
    assert(ws.closed.code == 4000 and ws.closed.reason == "as you wish" and ws.error == "")
  )lua");
}

}  // namespace perigee
