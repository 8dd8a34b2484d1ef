// Calls over a channel to a played server, all on one loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/grpc/call.h"
#include "engine/grpc/channel.h"
#include "engine/http/url.h"
#include "tests/engine/grpc/played_server.h"
#include "tests/support/loop_fixture.h"

namespace perigee::grpc {

// Notes what becomes of a call, and does what the test says on top of that.
struct CallLog final : CallEvents {
  explicit CallLog(Loop& its_loop) : loop(its_loop), call(*this) {}

  void on_head() override { log += "head "; }
  void on_message(std::string_view message, Instant /*at*/) override {
    received += message.size();
    log += message.size() > 40 ? fmt::format("({} bytes) ", message.size())
                               : fmt::format("{} ", message);
    if (each) each();
  }
  void on_drained() override {
    if (drained) drained();
  }
  void on_end(const CallEnd& its_end) override {
    end = its_end;
    log += "end";
    ++ends;
    if (ended) return ended();
    loop.stop();
  }

  Loop& loop;
  Call call;
  std::function<void()> each, drained, ended;
  CallEnd end;
  std::string log;
  size_t received = 0;
  int ends = 0;
};

struct CallFixture : LoopFixture {
  explicit CallFixture(std::function<void(PlayedCall&)> play, ChannelSettings its_settings = {})
      : server(std::make_unique<PlayedServer>(loop, std::move(play))) {
    settings = std::move(its_settings);
    use_server(server->address());
  }

  void use_server(const std::string& address) {
    std::string error;
    settings.server = std::make_shared<const http::Url>(
        *http::parse_url(fmt::format("http://{}/", address), error));
    channel = std::make_unique<Channel>(loop, network, deadlines, refused, settings);
  }

  static CallRequest unary() {
    CallRequest request;
    request.path = "/test.Service/Call";
    request.one_message_each = request.one_message_sent = true;
    return request;
  }
  static CallRequest streamed() {
    CallRequest request;
    request.path = "/test.Service/Stream";
    return request;
  }

  static void send(Call& call, std::string_view message) {
    call.begin_message().append(message);
    call.end_message();
  }

  // A unary call, started.
  void start(CallLog& own, const CallRequest& request, std::string_view message = "ask") {
    own.call.begin(*channel, request);
    send(own.call, message);
    own.call.close_send();
    own.call.start(loop.now());
  }
  // ... and run to its end.
  const Status& call(CallLog& own, const CallRequest& request, std::string_view message = "ask") {
    start(own, request, message);
    run();
    return own.end.status;
  }

  Network network{loop};
  Deadlines deadlines{loop.timers()};
  http::RefusedPause refused;
  std::unique_ptr<PlayedServer> server;
  ChannelSettings settings;
  std::unique_ptr<Channel> channel;
  CallLog log{loop};
};

}  // namespace perigee::grpc
