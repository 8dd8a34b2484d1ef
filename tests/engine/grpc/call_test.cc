#include "engine/grpc/call.h"

#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "engine/http/content_coding.h"
#include "tests/engine/grpc/call_fixture.h"

namespace perigee::grpc {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kOk = "0";

void reply(PlayedCall& call) {
  call.half_close = [&call] {
    call.head({{"x-head", "1"}});
    call.send("reply");
    call.end({{"grpc-status", kOk}, {"x-trailer", "2"}});
  };
}

std::string gzip(std::string_view text) {
  constexpr http::ContentCoding kCodings[] = {http::ContentCoding::kGzip};
  return http::encode_body(kCodings, text);
}

TEST_CASE("a unary call has a message each way, headers and trailers") {
  std::string fields;
  CallFixture fixture([&](PlayedCall& call) {
    fields = call.path + "\n" + call.fields;
    reply(call);
  });
  CallRequest request = CallFixture::unary();
  request.metadata = {{"x-meta", "a"}, {"x-meta", "b"}};
  request.timeout = 2s;
  CHECK(fixture.call(fixture.log, request).ok());
  CHECK(fixture.log.log == "head reply end");
  CHECK(fixture.server->log.starts_with("ask end"));
  CHECK(fixture.log.call.headers().find("x-head: 1\r\n") != std::string_view::npos);
  CHECK(fixture.log.call.trailers().find("x-trailer: 2\r\n") != std::string_view::npos);
  for (const char* line :
       {"/test.Service/Call\n", "content-type: application/grpc\r\n", "te: trailers\r\n",
        "user-agent: perigee/", "x-meta: a\r\nx-meta: b\r\n", "grpc-accept-encoding: gzip\r\n"}) {
    CAPTURE(line);
    CHECK(fields.find(line) != std::string::npos);
  }
  CHECK(fields.find("grpc-timeout: ") != std::string::npos);
  CHECK_FALSE(fixture.log.end.remote.empty());
}

TEST_CASE("a call's own user-agent is sent in place of the client's") {
  std::vector<std::string> heads;
  CallFixture fixture([&](PlayedCall& call) {
    heads.push_back(call.fields);
    reply(call);
  });
  CallRequest request = CallFixture::unary();
  request.metadata = {{"x-meta", "a"}, {"user-agent", "mine/1"}};
  CHECK(fixture.call(fixture.log, request).ok());
  CHECK(fixture.call(fixture.log, CallFixture::unary()).ok());
  REQUIRE(heads.size() == 2);
  CHECK(heads[0].find("user-agent: mine/1\r\n") != std::string::npos);
  CHECK(heads[0].find("perigee/") == std::string::npos);
  CHECK(heads[1].find("user-agent: perigee/") != std::string::npos);
}

TEST_CASE("calls follow each other over one connection, and in one object") {
  CallFixture fixture(reply);
  for (int i = 0; i < 3; ++i)
    CHECK(fixture.call(fixture.log, CallFixture::unary()).ok());
  CHECK(fixture.log.log == "head reply endhead reply endhead reply end");
  CHECK(fixture.server->connections() == 1);
}

TEST_CASE("a failure has the server's code, message and details") {
  CallFixture fixture([](PlayedCall& call) {
    call.stream.send_head({{http2::Field{":status", "200"},
                            {"content-type", "application/grpc"},
                            {"grpc-status", "5"},
                            {"grpc-message", "no such%0Athing"},
                            {"grpc-status-details-bin", "YWJj"}}},
                          true);
  });
  const Status& status = fixture.call(fixture.log, CallFixture::unary());
  CHECK(status.code == Code::kNotFound);
  CHECK(status.message == "no such\nthing");
  CHECK(status.details == "abc");
}

TEST_CASE("compressed messages are sent where that is wanted, and read") {
  std::string fields;
  CallFixture fixture([&](PlayedCall& call) {
    fields = call.fields;
    call.half_close = [&call] {
      call.head({{"grpc-encoding", "gzip"}});
      call.send(gzip(std::string(100'000, 'x')), true);
      call.end();
    };
  });
  CallRequest request = CallFixture::unary();
  request.compresses = true;
  CHECK(fixture.call(fixture.log, request, std::string(1000, 'y')).ok());
  CHECK(fixture.log.log == "head (100000 bytes) end");
  CHECK(fixture.server->log.starts_with("packed "));
  CHECK(fields.find("grpc-encoding: gzip") != std::string::npos);
}

TEST_CASE("messages go both ways at the same time") {
  CallFixture fixture([](PlayedCall& call) {
    call.head();
    call.message = [&call](std::string_view message) { call.send(fmt::format("<{}>", message)); };
    call.half_close = [&call] { call.end(); };
  });
  CallLog& log = fixture.log;
  log.call.begin(*fixture.channel, CallFixture::streamed());
  log.call.start(fixture.loop.now());
  int sent = 0;
  const auto next = [&] {
    if (++sent > 3) return log.call.close_send();
    CallFixture::send(log.call, std::to_string(sent));
  };
  log.each = next;
  next();
  fixture.run();
  CHECK(log.log == "head <1> <2> <3> end");
  CHECK(log.end.status.ok());
}

TEST_CASE("what a server does not take waits, and goes on when there is room") {
  CallFixture fixture([](PlayedCall& call) {
    call.head();
    call.half_close = [&call] { call.end(); };
  });
  CallLog& log = fixture.log;
  log.call.begin(*fixture.channel, CallFixture::streamed());
  log.call.start(fixture.loop.now());
  CallFixture::send(log.call, std::string(3 << 20, 'x'));
  CHECK(log.call.unsent() > 3 << 20);
  log.drained = [&] {
    CHECK(log.call.unsent() == 0);
    log.call.close_send();
  };
  fixture.run();
  CHECK(log.end.status.ok());
  CHECK(fixture.server->log == "xxxxxxxxxxxxxxxxxxxx end closed(0) ");
}

TEST_CASE("a deadline ends the call, and its stream") {
  CallFixture fixture([](PlayedCall& /*call*/) {});
  CallRequest request = CallFixture::unary();
  request.timeout = 20ms;
  const Status& status = fixture.call(fixture.log, request);
  CHECK(status.code == Code::kDeadlineExceeded);
  CHECK(status.message == "the deadline of 20ms has passed");
  while (fixture.server->log.find("closed(8)") == std::string::npos)
    fixture.turn();
}

TEST_CASE("a deadline that passes before there is a connection says that nothing was sent") {
  CallFixture fixture(reply);
  CallRequest request = CallFixture::unary();
  request.timeout = 1us;
  const Status& status = fixture.call(fixture.log, request);
  CHECK(status.code == Code::kDeadlineExceeded);
  CHECK(status.message == "the deadline of 1µs has passed before the call could be sent");
  CHECK(fixture.server->calls == 0);
}

TEST_CASE("a call that is cancelled ends without an event") {
  CallFixture fixture([](PlayedCall& /*call*/) {});
  fixture.start(fixture.log, CallFixture::unary());
  while (fixture.server->calls == 0)
    fixture.turn();
  CHECK(fixture.log.call.cancel());
  CHECK_FALSE(fixture.log.call.cancel());
  while (fixture.server->log.find("closed(8)") == std::string::npos)
    fixture.turn();
  CHECK(fixture.log.ends == 0);
}

TEST_CASE("a call that is cancelled in the turn that opened it has not been sent") {
  CallFixture fixture(reply);
  CHECK(fixture.call(fixture.log, CallFixture::unary()).ok());
  fixture.start(fixture.log, CallFixture::unary());
  CHECK_FALSE(fixture.log.call.cancel());
  fixture.turn();
  CHECK(fixture.call(fixture.log, CallFixture::unary()).ok());
  CHECK(fixture.server->calls == 2);
}

TEST_CASE("a message that is larger than the channel sends never leaves") {
  CallFixture fixture(reply, {.max_send = 10});
  const Status& status = fixture.call(fixture.log, CallFixture::unary(), "eleven bytes");
  CHECK(status.code == Code::kResourceExhausted);
  CHECK(status.message == "the message has 12 bytes, more than maxSendSize (10)");
  CHECK(fixture.server->calls == 0);
}

TEST_CASE("a message that is larger than the channel takes ends the call") {
  for (const bool packed : {false, true}) {
    CAPTURE(packed);
    CallFixture fixture(
        [packed](PlayedCall& call) {
          call.head({{"grpc-encoding", "gzip"}});
          const std::string text(1001, 'x');
          call.send(packed ? gzip(text) : text, packed);
          call.end();
        },
        {.max_receive = 1000});
    const Status& status = fixture.call(fixture.log, CallFixture::unary());
    CHECK(status.code == Code::kResourceExhausted);
    CHECK(status.message.find("maxReceiveSize") != std::string::npos);
  }
}

}  // namespace
}  // namespace perigee::grpc
