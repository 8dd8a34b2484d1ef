#include "engine/grpc/channel.h"

#include <algorithm>
#include <memory>
#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/grpc/call_fixture.h"
#include "tests/engine/grpc/connected.h"

namespace perigee::grpc {
namespace {

TEST_CASE("connecting makes all connections, once") {
  CallFixture fixture([](PlayedCall&) {}, {.connections = 3});
  Connected connected(fixture.loop);
  CHECK_FALSE(fixture.channel->connect(connected));
  fixture.run();
  CHECK(connected.times == 1);
  CHECK(connected.status.ok());
  CHECK(fixture.channel->connect(connected));
  while (fixture.server->connections() < 3)
    fixture.turn();
  CHECK(fixture.server->connections() == 3);
}

TEST_CASE("a connection that can't be made is told with its reason") {
  CallFixture fixture([](PlayedCall&) {});
  const std::string address = fixture.server->address();
  fixture.server.reset();
  fixture.use_server(address);
  Connected connected(fixture.loop);
  CHECK_FALSE(fixture.channel->connect(connected));
  fixture.run();
  CHECK(connected.status.code == Code::kUnavailable);
  CHECK(connected.status.message.find(address) != std::string::npos);
}

TEST_CASE("several connections take turns") {
  CallFixture fixture([](PlayedCall&) {}, {.connections = 2});
  Connected connected(fixture.loop);
  fixture.channel->connect(connected);
  fixture.run();
  std::vector<std::unique_ptr<CallLog>> logs;
  for (int i = 0; i < 6; ++i) {
    logs.push_back(std::make_unique<CallLog>(fixture.loop));
    fixture.start(*logs.back(), CallFixture::unary());
  }
  while (fixture.server->calls < 6)
    fixture.turn();
  CHECK(fixture.channel->calls_by_connection() == std::vector<size_t>{3, 3});
}

TEST_CASE("closing ends all calls as cancelled, and the channel can connect again") {
  bool silent = true;
  CallFixture fixture([&](PlayedCall& call) {
    if (silent) return;
    call.head();
    call.send("reply");
    call.end();
  });
  fixture.start(fixture.log, CallFixture::unary());
  while (fixture.server->calls == 0)
    fixture.turn();
  fixture.log.ended = [] {};
  fixture.channel->close();
  fixture.log.ended = nullptr;
  CHECK(fixture.log.ends == 1);
  CHECK(fixture.log.end.status.code == Code::kCancelled);
  silent = false;
  CHECK(fixture.call(fixture.log, CallFixture::unary()).ok());
}

TEST_CASE("calls of several methods go to their own, whatever was called before") {
  std::string paths;
  CallFixture fixture([&](PlayedCall& call) {
    paths += call.path + ' ';
    call.head();
    call.send("reply");
    call.end();
  });
  for (int i = 0; i < 5; ++i) {
    // The text of the path does not outlive the call's beginning.
    const std::string path = fmt::format("/test.Service/Call{}", i % 2);
    CallRequest request = CallFixture::unary();
    request.path = path;
    CHECK(fixture.call(fixture.log, request).ok());
  }
  CHECK(paths ==
        "/test.Service/Call0 /test.Service/Call1 /test.Service/Call0 /test.Service/Call1 "
        "/test.Service/Call0 ");
}

TEST_CASE("the bytes of both directions are counted") {
  CallFixture fixture([](PlayedCall& call) {
    call.half_close = [&call] {
      call.head();
      call.send(std::string(5000, 'x'));
      call.end();
    };
  });
  fixture.call(fixture.log, CallFixture::unary(), std::string(3000, 'y'));
  fixture.turn();
  CHECK(fixture.channel->traffic().sent > 3000);
  CHECK(fixture.channel->traffic().sent < 4000);
  CHECK(fixture.channel->traffic().received > 5000);
  CHECK(fixture.channel->traffic().received < 6000);
}

}  // namespace
}  // namespace perigee::grpc
