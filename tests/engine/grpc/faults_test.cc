// What servers and connections do wrong, and what a call says of it.
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/grpc/call_fixture.h"

namespace perigee::grpc {
namespace {

using namespace std::chrono_literals;

struct Fault {
  const char* name;
  std::function<void(PlayedCall&)> play;
  Code code;
  const char* message;
};

void send_head(PlayedCall& call, const std::vector<http2::Field>& head, bool last) {
  call.stream.send_head(head, last);
}

const std::vector<Fault>& faults() {
  static const std::vector<Fault> kFaults{
      {"another content-type",
       [](PlayedCall& call) {
         send_head(call, {{":status", "200"}, {"content-type", "text/html"}}, true);
       },
       Code::kUnknown, "the response is not gRPC: its content-type is \"text/html\""},
      {"a content-type that begins alike",
       [](PlayedCall& call) {
         send_head(call, {{":status", "200"}, {"content-type", "application/grpcx"}}, true);
       },
       Code::kUnknown, "the response is not gRPC: its content-type is \"application/grpcx\""},
      {"another HTTP status",
       [](PlayedCall& call) {
         send_head(call, {{":status", "503"}, {"content-type", "text/plain"}}, true);
       },
       Code::kUnavailable,
       "the server has answered with HTTP status 503 and content-type text/plain"},
      {"a status of gRPC with another HTTP status",
       [](PlayedCall& call) {
         send_head(call,
                   {{":status", "415"},
                    {"content-type", "application/grpc"},
                    {"grpc-status", "3"},
                    {"grpc-message", "invalid"}},
                   true);
       },
       Code::kInvalidArgument, "invalid"},
      {"no grpc-status",
       [](PlayedCall& call) {
         call.head();
         call.send("reply");
         call.end({{"x", "y"}});
       },
       Code::kUnknown, "the response has ended without grpc-status"},
      {"no trailers",
       [](PlayedCall& call) {
         call.head();
         call.send("reply");
         call.end({});
       },
       Code::kUnknown, "the response has ended without grpc-status"},
      {"a grpc-status that is no number",
       [](PlayedCall& call) {
         call.head();
         call.end({{"grpc-status", "fine"}});
       },
       Code::kUnknown, "grpc-status is no number: \"fine\""},
      {"no message",
       [](PlayedCall& call) {
         call.head();
         call.end();
       },
       Code::kInternal, "the server has sent no message for a unary call"},
      {"two messages",
       [](PlayedCall& call) {
         call.head();
         call.send("a");
         call.send("b");
         call.end();
       },
       Code::kInternal, "the server has sent more than one message for a unary call"},
      {"an end within a message",
       [](PlayedCall& call) {
         call.head();
         call.stream.send(std::string_view("\0\0\0\0\5abc", 8));
         call.end();
       },
       Code::kInternal, "the response ends within a message"},
      {"a flag that does not exist",
       [](PlayedCall& call) {
         call.head();
         call.stream.send(std::string_view("\7\0\0\0\0", 5));
         call.end();
       },
       Code::kInternal, "a message begins with a flag other than 0 and 1"},
      {"a compressed message without an encoding",
       [](PlayedCall& call) {
         call.head();
         call.send("x", true);
         call.end();
       },
       Code::kInternal, "a message is compressed, but no grpc-encoding says how"},
      {"an unknown encoding",
       [](PlayedCall& call) {
         call.head({{"grpc-encoding", "snappy"}});
         call.send("x", true);
         call.end();
       },
       Code::kUnimplemented, "a message has the unknown grpc-encoding \"snappy\""},
      {"bytes that can't be unpacked",
       [](PlayedCall& call) {
         call.head({{"grpc-encoding", "gzip"}});
         call.send("not gzip", true);
         call.end();
       },
       Code::kInternal, "a message can't be unpacked (gzip): "},
      {"a reset", [](PlayedCall& call) { call.stream.reset(http2::ErrorCode::kInternalError); },
       Code::kInternal, "the stream was reset by the server (HTTP/2 error code 2)"},
      {"a cancellation", [](PlayedCall& call) { call.stream.reset(http2::ErrorCode::kCancel); },
       Code::kCancelled, "the stream was reset by the server (HTTP/2 error code 8)"},
      {"a stream refused again and again",
       [](PlayedCall& call) { call.stream.reset(http2::ErrorCode::kRefusedStream); },
       Code::kUnavailable, "the stream was reset by the server (HTTP/2 error code 7)"},
      {"more bytes than their length says",
       [](PlayedCall& call) {
         call.head({{"content-length", "3"}});
         call.send("reply");
         call.end();
       },
       Code::kInternal,
       "the response breaks HTTP/2, and its stream has been reset (HTTP/2 error code 1)"},
      {"a connection that breaks", [](PlayedCall& call) { call.stream.cut(); }, Code::kUnavailable,
       "closed by the server"},
  };
  return kFaults;
}

TEST_CASE("each fault of a server has a status that names it") {
  for (const Fault& fault : faults()) {
    CAPTURE(fault.name);
    CallFixture fixture(fault.play);
    const Status& status = fixture.call(fixture.log, CallFixture::unary());
    CHECK(status.code == fault.code);
    CHECK_MESSAGE(status.message.find(fault.message) != std::string::npos, status.message);
  }
}

TEST_CASE("after a fault of one call the connection goes on") {
  for (const Fault& fault : faults()) {
    if (std::string_view(fault.name) == "a connection that breaks") continue;
    CAPTURE(fault.name);
    bool first = true;
    CallFixture fixture([&](PlayedCall& call) {
      if (std::exchange(first, false)) return fault.play(call);
      call.head();
      call.send("well");
      call.end();
    });
    fixture.call(fixture.log, CallFixture::unary());
    CHECK(fixture.call(fixture.log, CallFixture::unary()).ok());
    CHECK(fixture.server->connections() == 1);
  }
}

TEST_CASE("an end with trailers while the message is still being sent is the end") {
  CallFixture fixture([](PlayedCall& call) {
    send_head(call,
              {{":status", "200"}, {"content-type", "application/grpc"}, {"grpc-status", "8"}},
              true);
  });
  const Status& status =
      fixture.call(fixture.log, CallFixture::unary(), std::string(20 << 20, 'x'));
  CHECK(status.code == Code::kResourceExhausted);
}

TEST_CASE("a call that a leaving server has not looked at goes to the next connection") {
  int seen = 0;
  CallFixture fixture([&](PlayedCall& call) {
    if (++seen == 1) {
      call.stream.go_away();
      call.half_close = [&call] {
        call.head();
        call.send("first");
        call.end();
      };
      return;
    }
    call.head();
    call.send("other");
    call.end();
  });
  CallLog second(fixture.loop);
  fixture.start(fixture.log, CallFixture::unary());
  int open = 2;
  const auto ended = [&] {
    if (--open == 0) fixture.loop.stop();
  };
  fixture.log.ended = second.ended = ended;
  fixture.start(second, CallFixture::unary());
  fixture.run();
  CHECK(fixture.log.end.status.ok());
  CHECK(second.end.status.ok());
}

TEST_CASE("a stream that the server has refused is sent again as long as all of it is kept") {
  int seen = 0;
  CallFixture fixture([&](PlayedCall& call) {
    if (++seen == 1) {
      call.message = [&call](std::string_view) {
        call.stream.reset(http2::ErrorCode::kRefusedStream);
      };
      return;
    }
    call.half_close = [&call] {
      call.head();
      call.send("reply");
      call.end();
    };
  });
  SUBCASE("a short one") {
    CHECK(fixture.call(fixture.log, CallFixture::streamed(), "a short message").ok());
    CHECK(fixture.server->log.find("a short message end") != std::string::npos);
    CHECK(fixture.log.end.retries == 1);
  }
  SUBCASE("a long one is not kept") {
    const std::string message(32 << 10, 'x');
    CHECK(fixture.call(fixture.log, CallFixture::streamed(), message).code == Code::kUnavailable);
    CHECK(seen == 1);
  }
}

TEST_CASE("a server that can't be reached is unavailable, with the reason") {
  CallFixture fixture([](PlayedCall&) {});
  const std::string address = fixture.server->address();
  fixture.server.reset();
  fixture.use_server(address);
  const Status& status = fixture.call(fixture.log, CallFixture::unary());
  CHECK(status.code == Code::kUnavailable);
  CHECK(status.message.find("refused") != std::string::npos);
  CHECK(fixture.log.end.remote.empty());
}

TEST_CASE("calls to servers that can't be reached are tried again and again") {
  CallFixture fixture([](PlayedCall&) {});
  const std::string address = fixture.server->address();
  fixture.server.reset();
  fixture.use_server(address);
  for (int i = 0; i < 3; ++i) {
    CHECK(fixture.call(fixture.log, CallFixture::unary()).code == Code::kUnavailable);
  }
}

}  // namespace
}  // namespace perigee::grpc
