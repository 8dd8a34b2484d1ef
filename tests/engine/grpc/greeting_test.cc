// What listens where a channel connects to, and what the channel says of it.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/grpc/call_fixture.h"
#include "tests/engine/grpc/connected.h"
#include "tests/support/http2_frames.h"
#include "tests/support/raw_server.h"

namespace perigee::grpc {
namespace {

using Script = RawServer::Script;

// A channel to a server that does what a test wrote down.
struct Fixture : CallFixture {
  explicit Fixture(const std::vector<Script>& scripts)
      : CallFixture([](PlayedCall&) {}), raw(scripts) {
    use_server(fmt::format("127.0.0.1:{}", raw.port()));
  }
  // How connecting ends.
  const Status& connect() {
    CHECK_FALSE(channel->connect(connected));
    run();
    return connected.status;
  }

  RawServer raw;
  Connected connected{loop};
};

// Reads the client's preface first, so that closing is no reset.
RawServer::Step preface() {
  return http2::await(http2::kSettings);
}

struct Greeted {
  const char* name;
  Script script;
  const char* message;
};

TEST_CASE("what speaks no HTTP/2 can't be connected to, and is named where its bytes show it") {
  const std::string alert("\x15\x03\x01\0\2\2\x46", 7);
  const std::vector<Greeted> greetings{
      {"an alert of TLS", {preface(), RawServer::send(alert)}, "speaks TLS: leave out plaintext"},
      {"a byte of it",
       {preface(), RawServer::send(alert.substr(0, 1)), RawServer::hang()},
       "speaks TLS: leave out plaintext"},
      {"HTTP/1.1",
       {preface(), RawServer::send("HTTP/1.1 400 Bad Request\r\n\r\n"), RawServer::hang()},
       "the server speaks HTTP/1.1, not HTTP/2"},
      {"HTTP/1.1 in pieces",
       {preface(), RawServer::send("HT"), RawServer::send("TP/1."), RawServer::hang()},
       "the server speaks HTTP/1.1, not HTTP/2"},
      {"text",
       {RawServer::send("SSH-2.0-OpenSSH_9.2\r\n"), RawServer::hang()},
       "what has come is not HTTP/2"},
      {"another frame first",
       {preface(), RawServer::send(http2::frame(http2::kPing, 0, 0, "12345678")),
        RawServer::hang()},
       "the server has broken HTTP/2"},
      {"nothing",
       {preface(), RawServer::hang_up()},
       "closed by the server, before any HTTP/2 has come (if the server speaks TLS, leave out "
       "plaintext)"},
      {"a part of the settings",
       {preface(), RawServer::send(http2::settings().substr(0, 5)), RawServer::hang_up()},
       "closed by the server, before any HTTP/2 has come"},
  };
  for (const Greeted& greeting : greetings) {
    CAPTURE(greeting.name);
    Fixture fixture({greeting.script});
    const Status& status = fixture.connect();
    CHECK(status.code == Code::kUnavailable);
    CHECK_MESSAGE(status.message.find(greeting.message) != std::string::npos, status.message);
    CHECK(status.message.find(fmt::format("127.0.0.1:{}", fixture.raw.port())) !=
          std::string::npos);
  }
}

TEST_CASE("connecting ends with the server's settings, wherever they are cut") {
  const std::string settings = http2::settings({{http2::kMaxConcurrentStreams, 7}});
  for (size_t cut = 1; cut < settings.size(); ++cut) {
    Fixture fixture({{preface(), RawServer::send(settings.substr(0, cut)), RawServer::gate(),
                      RawServer::send(settings.substr(cut)), RawServer::hang()}});
    CHECK_FALSE(fixture.channel->connect(fixture.connected));
    while (fixture.channel->traffic().received < cut)
      fixture.turn();
    CHECK(fixture.connected.times == 0);
    fixture.raw.open_gate();
    fixture.run();
    CHECK(fixture.connected.status.ok());
  }
}

TEST_CASE("a call that dials waits for the server's settings, and fails where none come") {
  Fixture fixture({{preface(), RawServer::send("HTTP/1.1 200 OK\r\n\r\n"), RawServer::hang()}});
  const Status& status = fixture.call(fixture.log, CallFixture::unary());
  CHECK(status.code == Code::kUnavailable);
  CHECK(status.message.find("speaks HTTP/1.1") != std::string::npos);
  // It was never sent.
  CHECK(fixture.log.end.remote.empty());
  CHECK(fixture.raw.requests().size() == 1);
}

TEST_CASE("closing a channel whose server says nothing ends its calls") {
  Fixture fixture({{preface(), RawServer::hang()}});
  fixture.start(fixture.log, CallFixture::unary());
  while (fixture.raw.requests().empty())
    fixture.turn();
  fixture.log.ended = [] {};
  fixture.channel->close();
  fixture.log.ended = nullptr;
  CHECK(fixture.log.end.status.code == Code::kCancelled);
}

TEST_CASE("what a server says of its GOAWAY stands in the calls that end with it") {
  const auto reason_of = [](std::string_view debug, uint32_t code) {
    Fixture fixture({{RawServer::send(http2::settings()), http2::await_request(),
                      RawServer::send(http2::go_away(1, code, debug)), RawServer::hang_up()}});
    return fixture.call(fixture.log, CallFixture::unary()).message;
  };
  CHECK(reason_of("too_many_pings", http2::kEnhanceYourCalm)
            .ends_with("ended by the server with GOAWAY (HTTP/2 error code 11, ENHANCE_YOUR_CALM): "
                       "too_many_pings"));
  CHECK(reason_of("", http2::kInternalError)
            .ends_with("ended by the server with GOAWAY (HTTP/2 error code 2)"));
  // What is no line of text is left out.
  for (const std::string& debug : {std::string("two\nlines"), std::string("\xff\xfe"),
                                   std::string("\x1b[31m"), std::string(257, 'x')}) {
    CHECK(reason_of(debug, http2::kInternalError)
              .ends_with("ended by the server with GOAWAY (HTTP/2 error code 2)"));
  }
}

}  // namespace
}  // namespace perigee::grpc
