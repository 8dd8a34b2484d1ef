// WebSockets as scripts use them, against the built-in target.
#include <string>

#include <doctest/doctest.h>

#include "tests/support/http_answers.h"
#include "tests/support/raw_server.h"
#include "tests/support/script_fixture.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

const TargetProcess& target() {
  static const TargetProcess kTarget;
  return kTarget;
}

// A script whose default function has this body; `url` is that of the echo.
struct EchoScript : ScriptFixture {
  explicit EchoScript(const std::string& body, const std::string& init = {})
      : ScriptFixture(script(body, init), options()) {}

  static std::string script(const std::string& body, const std::string& init) {
    return "local perigee, websocket = require 'perigee', require 'perigee.websocket'\n"
           "local url = __ENV.URL\n" +
           init + "\nreturn { default = function()\n" + body + "\nend }";
  }
  static Options options() {
    Options options;
    options.env["URL"] = "ws" + target().url().substr(4) + "/ws/echo";
    return options;
  }
};

// A line of the log without the escapes of its message.
std::string plain(const std::string& line) {
  std::string text;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool escape = line[i] == '\\' && i + 1 < line.size();
    if (escape) ++i;
    text += escape && line[i] == 't' ? '\t' : line[i];
  }
  return text;
}

bool has_line(const ScriptFixture& script, const std::string& text) {
  for (const std::string& line : script.lines()) {
    if (plain(line).find(text) != std::string::npos) return true;
  }
  return false;
}

TEST_CASE("a message is sent and comes back") {
  EchoScript script(
      "local ws = websocket.connect(url)\n"
      "local sent = ws:send('hello')\n"
      "local answer = ws:receive('5s')\n"
      "print(ws.status, ws.error == '', answer.data, answer.binary, answer.time >= sent)\n"
      "ws:send_binary('\\0\\255')\n"
      "local bytes = ws:receive()\n"
      "print(#bytes.data, bytes.binary)\n"
      "ws:close()\n"
      "print(ws:receive('5s'))\n"
      "print(ws.closed.code, ws:state())\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "101\ttrue\thello\tfalse\ttrue"));
  CHECK(has_line(script, "2\ttrue"));
  CHECK(has_line(script, "nil\tclosed"));
  CHECK(has_line(script, "1000\tclosed"));
  CHECK(script.sum("ws_sessions") == 1);
  CHECK(script.sum("ws_msgs_sent") == 2);
  CHECK(script.sum("ws_msgs_received") == 2);
  CHECK(script.samples("ws_connecting") == 1);
  CHECK(script.samples("ws_session_duration") == 1);
  CHECK(script.sum("ws_sessions_interrupted") == 0);
  CHECK(script.sum("data_received") > 100);
}

TEST_CASE("handlers run when the function has returned, until the connection is closed") {
  EchoScript script(
      "local ws, count = websocket.connect(url), 0\n"
      "function ws.on_message(message)\n"
      "  count = count + 1\n"
      "  if count < 3 then ws:send('again') else ws:close() end\n"
      "end\n"
      "function ws.on_close(ending) print('closed', ending.code, count) end\n"
      "ws:send('first')\n"
      "print('returned')\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "returned"));
  CHECK(has_line(script, "closed\t1000\t3"));
}

TEST_CASE("timers call back while handlers run") {
  EchoScript script(
      "local ws, ticks = websocket.connect(url), 0\n"
      "ws:set_interval(function()\n"
      "  ticks = ticks + 1\n"
      "  if ticks == 3 then ws:close() end\n"
      "end, 2)\n"
      "ws:set_timeout(function() print('once') end, 1)\n"
      "websocket.run()\n"
      "print('ticks', ticks)\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "ticks\t3"));
  CHECK(has_line(script, "once"));
}

TEST_CASE("a timer that is cleared does not call, also when its own handler clears it") {
  EchoScript script(
      "local ws, ticks = websocket.connect(url), 0\n"
      "local never = ws:set_timeout(function() print('never') end, 1)\n"
      "local every\n"
      "every = ws:set_interval(function()\n"
      "  ticks = ticks + 1\n"
      "  if ticks == 2 then ws:clear_timer(every) end\n"
      "end, 1)\n"
      "ws:clear_timer(never)\n"
      "ws:clear_timer(never)\n"
      "ws:clear_timer(nil)\n"
      "ws:set_timeout(function() ws:close() end, 20)\n"
      "websocket.run()\n"
      "print('ticks', ticks)\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "ticks\t2"));
  CHECK(!has_line(script, "never"));
}

TEST_CASE("one VU may have several connections") {
  EchoScript script(
      "local sockets, seen = {}, {}\n"
      "for i = 1, 3 do\n"
      "  sockets[i] = websocket.connect(url)\n"
      "  sockets[i].on_message = function(m)\n"
      "    seen[#seen + 1] = m.data\n"
      "    sockets[i]:close()\n"
      "  end\n"
      "end\n"
      "for i = 3, 1, -1 do sockets[i]:send('m' .. i) end\n"
      "websocket.run()\n"
      "table.sort(seen)\n"
      "print(table.concat(seen, ' '))\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "m1 m2 m3"));
  CHECK(script.sum("ws_sessions") == 3);
}

TEST_CASE("a pong tells how long its ping took") {
  EchoScript script(
      "local ws = websocket.connect(url)\n"
      "function ws.on_pong(pong) print('pong', pong.data) ws:close() end\n"
      "ws:ping('beat')\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "pong\tbeat"));
  CHECK(script.samples("ws_ping") == 1);
  CHECK(script.sum("ws_msgs_sent") == 0);
}

TEST_CASE("messages are packed where both sides agree") {
  EchoScript script(
      "local ws = websocket.connect(url, { compression = { contextTakeover = true } })\n"
      "local text = ('a long text '):rep(10000)\n"
      "for i = 1, 3 do ws:send(text) assert(ws:receive().data == text) end\n"
      "print('compressed', ws.compressed, ws.headers['Sec-Websocket-Extensions'])\n"
      "ws:close()\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "compressed\ttrue\tpermessage-deflate"));
  CHECK(script.sum("data_received") < 20'000);
}

TEST_CASE("sending waits while too much is unsent") {
  EchoScript script(
      "local ws, got = websocket.connect(url), 0\n"
      "local large = ('x'):rep(300000)\n"
      "function ws.on_message(m) got = got + #m.data if got == 3e6 then ws:close() end end\n"
      "ws:set_timeout(function() for i = 1, 10 do ws:send(large) end end, 0)\n"
      "websocket.run()\n"
      "print('got', got)\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "got\t3000000"));
}

TEST_CASE("waiting for a message may have a limit") {
  EchoScript script(
      "local ws = websocket.connect(url)\n"
      "print(ws:receive(5))\n"
      "print(ws:receive('5ms'))\n"
      "ws:close()\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "nil\ttimeout"));
}

TEST_CASE("a connection that can't be made has an error, and raises none") {
  EchoScript script(
      "local ws = websocket.connect('ws://127.0.0.1:1/')\n"
      "print(ws.status, ws.error, ws:state())\n"
      "print(ws:receive())\n"
      "local plain = websocket.connect((url:gsub('/ws/echo', '/bytes/5')))\n"
      "print(plain.status, plain.error)\n");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "0\tdial: connection refused\tclosed"));
  CHECK(has_line(script, "nil\tclosed"));
  CHECK(has_line(script,
                 "200\tbad handshake: the server answered 200 OK instead of 101 Switching "
                 "Protocols"));
  CHECK(script.sum("ws_sessions") == 2);
  CHECK(script.samples("ws_session_duration") == 0);
}

TEST_CASE("a connection that is left open is cut off with its iteration, and counted") {
  EchoScript script("websocket.connect(url) print('open')");
  script.start();
  while (!has_line(script, "open"))
    script.loop().run_once();
  script.vu().interrupt();
  CHECK(script.finish() == IterationResult::kInterrupted);
  CHECK(script.sum("ws_sessions") == 1);
  CHECK(script.sum("ws_sessions_interrupted") == 1);
}

TEST_CASE("a connection of an earlier iteration is closed") {
  EchoScript script(
      "if not kept then kept = websocket.connect(url) kept:close() return end\n"
      "print(kept:state(), kept:receive())\n"
      "kept:send('late')\n",
      "local kept");
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.iterate() == IterationResult::kFailed);
  CHECK(has_line(script, "closed\tnil\tclosed"));
  CHECK(script.told("send: the WebSocket is closed"));
}

TEST_CASE("an error in a handler fails the iteration") {
  EchoScript script(
      "local ws = websocket.connect(url)\n"
      "function ws.on_message() error('no good') end\n"
      "ws:send('x')\n");
  CHECK(script.iterate() == IterationResult::kFailed);
  CHECK(script.told("no good"));
  CHECK(script.sum("ws_sessions_interrupted") == 1);
}

TEST_CASE("a handshake is made with the settings of the client that it names") {
  RawServer server({answers({answer("403 Forbidden"), answer("403 Forbidden")})});
  ScriptFixture::Options options;
  options.env["URL"] = "ws" + server.url("").substr(4);
  ScriptFixture script(R"lua(
    local http, websocket = require "perigee.http", require "perigee.websocket"
    local client = http.client{ userAgent = "mine", headers = { ["X-Api"] = "a", ["X-B"] = "b" } }
    return { default = function()
      local params = { client = client, headers = { ["x-b"] = "own" } }
      assert(websocket.connect(__ENV.URL, params).status == 403)
      local _, message = pcall(websocket.connect, __ENV.URL, { client = {} })
      assert(message:find("websocket.connect: client must be what http.client returns", 1, true))
    end }
  )lua",
                       options);
  CHECK(script.iterate() == IterationResult::kCompleted);
  const std::string request = server.requests().at(0);
  CHECK(request.find("User-Agent: mine\r\n") != std::string::npos);
  CHECK(request.find("X-Api: a\r\n") != std::string::npos);
  CHECK(request.find("x-b: own\r\n") != std::string::npos);
  CHECK(request.find("X-B: b\r\n") == std::string::npos);
}

TEST_CASE("--http-debug logs handshakes, too") {
  ScriptFixture::Options options = EchoScript::options();
  options.http.debug = http::HttpDebugLevel::kHeaders;
  ScriptFixture script(EchoScript::script("websocket.connect(url):close()", ""), options);
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(has_line(script, "WebSocket Request 1:"));
  CHECK(has_line(script, "WebSocket Response 1:"));
}

// What the script is told when its default function does this.
std::string told(const std::string& body) {
  EchoScript script("local _, message = pcall(function() " + body + " end) print(message)");
  CHECK(script.iterate() == IterationResult::kCompleted);
  return script.lines().empty() ? "" : plain(script.lines().back());
}

TEST_CASE("what makes no sense is an error that says what to write") {
  const auto says = [](const std::string& body, const std::string& text) {
    const std::string message = told(body);
    CAPTURE(message);
    CHECK(message.find(text) != std::string::npos);
  };
  says("websocket.connect('http://x/')",
       "the URL must start with ws:// or wss://, got \"http://x/\"");
  says("websocket.connect(url, { subprotocol = 'x' })",
       "there is no parameter of connect \"subprotocol\" (did you mean \"subprotocols\"?)");
  says("websocket.connect(url, { compression = 'gzip' })", "compression must be \"deflate\"");
  says("websocket.connect(url, { compression = { clientMaxWindowBits = 7 } })",
       "window bits must be a whole number from 8 to 15");
  says("websocket.connect(url, { timeout = 0 })", "timeout must be above 0");
  const std::string open =
      "local ws = websocket.connect(url) ws:set_timeout(function() ws:close() "
      "end, 0) ";
  says(open + "ws:send({})",
       "ws:send: text must be a string, got a table; use json.encode for JSON");
  says(open + "ws:send('\\255')", "a text message must be UTF-8; use ws:send_binary");
  says(open + "ws.send('x')", "write ws:send(text), with a colon");
  says(open + "ws.on_mesage = print", "ws.on_mesage can't be set");
  says(open + "ws.on_open = print", "ws.on_open is not needed");
  says(open + "ws:close(1005)", "the code must be one");
  says(open + "ws:close('bye')", "script.lua:");
  says(open + "ws:close('bye')", "ws:close: code must be a number, got the string \"bye\"");
  says(open + "ws:ping(('x'):rep(126))", "a ping carries 125 bytes at most");
  says(open + "print(ws.ready_state)", "a WebSocket has no field \"ready_state\"");
}

}  // namespace
}  // namespace perigee
