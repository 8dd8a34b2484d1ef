// What servers do that is not in the protocol, and how it is told.
#include <chrono>
#include <string>

#include "tests/engine/websocket/echo_fixture.h"

namespace perigee::websocket {
namespace {

// Plays it to a client that echoes, and returns the error that it was told at its end.
std::string broken(const WirePlay& what) {
  EchoFixture fixture;
  WireServer server(what);
  fixture.play(EchoFixture::request(server.url()));
  REQUIRE_MESSAGE(fixture.echo.ending, fixture.echo.opening.error.text);
  fixture.echo.socket.reset();
  server.record();
  return fixture.echo.ending->error;
}

// The same for a handshake that fails.
Opening refused(const WirePlay& what, const Offer& offer = {}) {
  EchoFixture fixture;
  WireServer server(what);
  ConnectRequest request = EchoFixture::request(server.url());
  request.offer = offer;
  fixture.play(request);
  CHECK_FALSE(fixture.echo.ending);
  server.record();
  return fixture.echo.opening;
}

TEST_CASE("a connection that ends without a close frame is told") {
  CHECK(broken({.hangs_up = true}) == "the peer closed the connection without a close frame");
  CHECK(broken({.frames = frame(0x81, "Hello"), .half_closes = true}) ==
        "the peer closed the connection without a close frame");
}

TEST_CASE("what a server may not send is told in words") {
  CHECK(broken({.frames = frame(0x80, "lost")}) ==
        "the peer broke the protocol: a continuation of no message");
  CHECK(broken({.frames = frame(0x81, "\xc3(")}) ==
        "the peer broke the protocol: a text message that is not UTF-8");
  CHECK(broken({.frames = std::string("\x81\x81\x01\x02\x03\x04\x05", 7)}) ==
        "the peer broke the protocol: a masked frame from the server");
  CHECK(broken({.frames = frame(0x83, "")}) ==
        "the peer broke the protocol: a frame with the reserved opcode 3");
}

TEST_CASE("a message above the limit ends the connection with the code for it") {
  EchoFixture fixture;
  WireServer server({.frames = frame(0x82, std::string(1001, 'x'))});
  ConnectRequest request = EchoFixture::request(server.url());
  request.message_limit = 1000;
  fixture.play(request);
  REQUIRE(fixture.echo.ending);
  CHECK(fixture.echo.ending->code == 1009);
  fixture.echo.socket.reset();
  CHECK(server.record().close == 1009);
}

TEST_CASE("an answer that opens no WebSocket has its status and an error") {
  const Opening ok = refused({.answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"});
  CHECK(ok.status == 200);
  CHECK(ok.error.text ==
        "bad handshake: the server answered 200 OK instead of 101 Switching Protocols");
  const Opening moved =
      refused({.answer = "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"});
  CHECK(moved.status == 302);
  const Opening forged = refused({.answer = "HTTP/1.1 101 Switching Protocols\r\n"
                                            "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                                            "Sec-WebSocket-Accept: bm90IHRoZSBrZXk=\r\n\r\n"});
  CHECK(forged.status == 0);
  CHECK(forged.error.text ==
        "bad handshake: the answer's Sec-WebSocket-Accept does not belong to this request");
}

TEST_CASE("a server that is none, or that hangs up, is told") {
  CHECK(refused({.answer = "SSH-2.0-OpenSSH_9.2\r\n\r\n"})
            .error.text.starts_with("malformed HTTP response"));
  CHECK(refused({.answer = "HTTP/1.1 101 Sw", .hangs_up = true}).error.text == "unexpected EOF");
}

TEST_CASE("what was not asked for is refused") {
  CHECK(refused({.fields = "Sec-WebSocket-Protocol: mqtt\r\n"}).error.text ==
        "bad handshake: the server chose the subprotocol \"mqtt\", which was not offered");
  CHECK(refused({.fields = "Sec-WebSocket-Extensions: permessage-deflate\r\n"}).error.text ==
        "bad handshake: the server agreed to an extension that was not offered: "
        "\"permessage-deflate\"");
}

TEST_CASE("a 101 that opens nothing is no status of an open WebSocket") {
  CHECK(refused({.fields = "Sec-WebSocket-Protocol: mqtt\r\n"}).status == 0);
  CHECK(refused({.fields = "Sec-WebSocket-Extensions: permessage-deflate\r\n"}).status == 0);
  CHECK(refused({.answer = "HTTP/1.1 101 Switching Protocols\r\n\r\n"}).status == 0);
  CHECK(refused({.answer = "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"}).status == 403);
}

TEST_CASE("a port where nobody listens is told") {
  EchoFixture fixture;
  fixture.play(EchoFixture::request("http://127.0.0.1:1/"));
  CHECK(fixture.echo.opening.status == 0);
  CHECK(fixture.echo.opening.error.text == "dial: connection refused");
}

TEST_CASE("a handshake that is never answered ends with its time-out") {
  EchoFixture fixture;
  // It answers only with the first half of a head and waits.
  WireServer server({.answer = "HTTP/1.1 101 Switching"});
  ConnectRequest request = EchoFixture::request(server.url());
  request.timeout = std::chrono::milliseconds(30);
  fixture.play(request);
  CHECK(fixture.echo.opening.error.text == "request timeout");
}

TEST_CASE("a header that the handshake has itself is refused") {
  EchoFixture fixture;
  ConnectRequest request = EchoFixture::request("http://127.0.0.1:1/");
  const http::Header header{"Sec-WebSocket-Key", "mine"};
  request.headers = {&header, 1};
  fixture.play(request);
  CHECK(fixture.echo.opening.error.text == "the header Sec-WebSocket-Key is the handshake's own");
}

TEST_CASE("a close that the client begins has its code and reason") {
  EchoFixture fixture;
  WireServer server(WirePlay{});
  fixture.echo.on_open = [](Session& session) { session.close(4001, "enough"); };
  fixture.play(EchoFixture::request(server.url()));
  REQUIRE(fixture.echo.ending);
  CHECK(fixture.echo.ending->error == "");
  CHECK(fixture.echo.ending->code == 1000);
  fixture.echo.socket.reset();
  CHECK(server.record().close == 4001);
}

TEST_CASE("messages that are not taken stop the reading, and none is lost") {
  EchoFixture fixture;
  const std::string message(100'000, 'm');
  std::string frames;
  for (int i = 0; i < 100; ++i)
    frames += frame(0x82, message);
  WireServer server({.frames = frames + close_frame(1000)});
  // Looks at nothing for so many turns of the loop that everything would have come in.
  struct Lazy final : SocketEvents {
    void on_opened(const Opening&) override {}
    void on_activity() override { ++told; }
    size_t told = 0;
  } lazy;
  auto socket = fixture.client.connect(EchoFixture::request(server.url()), lazy);
  size_t before = 0;
  do {
    before = lazy.told;
    for (int i = 0; i < 50; ++i)
      fixture.turn();
  } while (lazy.told != before || before == 0);
  REQUIRE(socket->session() != nullptr);
  CHECK(socket->bytes_received() < 3'000'000);
  size_t taken = 0;
  for (int rounds = 0; taken < 100 && rounds < 10'000; ++rounds) {
    while (socket->session()->take())
      ++taken;
    fixture.turn();
  }
  CHECK(taken == 100);
  socket.reset();
}

}  // namespace
}  // namespace perigee::websocket
