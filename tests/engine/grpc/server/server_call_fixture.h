// A server of gRPC with methods for tests, on a loop of its own beside a blocking client.
#pragma once

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/grpc/server/server_call.h"
#include "engine/grpc/server/services.h"
#include "engine/http/server/server.h"
#include "tests/support/grpc_client.h"
#include "tests/support/loop_fixture.h"

namespace perigee::grpc {

inline constexpr size_t kMaxMessage = 1000;

struct Counts : CallObserver {
  void on_call(size_t method) override {
    log += method == kUnknownMethod ? "call(?) " : fmt::format("call({}) ", method);
  }
  void on_message_received() override { ++received; }
  void on_message_sent() override { ++sent; }
  void on_finished(Code code) override {
    log += fmt::format("finished({}) ", static_cast<uint32_t>(code));
  }
  void on_dropped() override { log += "dropped "; }

  std::string log;
  int received = 0, sent = 0;
};

// Sends each message back, and how many there were at the end.
struct Repeat final : CallHandler {
  explicit Repeat(ServerCall& its_call) : call(its_call) {}
  void on_message(std::string_view message) override {
    ++messages;
    call.send(message);
  }
  void on_half_close() override {
    call.send(std::to_string(messages));
    call.finish();
  }
  ServerCall& call;
  int messages = 0;
};

// Sends each message back an hour later, and reads no more when many bytes wait.
struct Later final : CallHandler {
  explicit Later(ServerCall& its_call) : call(its_call) {}
  void on_message(std::string_view message) override {
    call.send(message, call.now() + std::chrono::hours(1));
    if (call.unsent() > 10'000) call.pause_reading();
  }
  void on_drained() override { call.resume_reading(); }
  ServerCall& call;
};

struct Handler : http::ServerHandler {
  explicit Handler(Loop& loop) : services(loop, counts, kMaxMessage) {}

  std::unique_ptr<http::DuplexEvents> open(const http::ServerRequest& request,
                                           http::DuplexStream& stream, Instant at) override {
    return Services::is_call(request) ? services.open(request, stream, at) : nullptr;
  }
  http::Reply respond(http::ServerRequest& /*request*/, Instant /*at*/) override {
    return http::plain_reply(404, "no call");
  }

  Counts counts;
  Services services;
};

// A server with a method that takes one message, /pkg.Test/One, and one that takes many,
// /pkg.Test/Many.
struct Served : LoopFixture {
  using Respond = std::function<void(ServerCall&, std::string_view)>;

  explicit Served(Respond respond = send_back)
      : server(loop, {.address = *Address::parse("127.0.0.1", 0)}, handler, log) {
    handler.services.add({.path = "/pkg.Test/One", .respond = std::move(respond), .begin = {}});
    handler.services.add({.path = "/pkg.Test/Many", .respond = {}, .begin = [](ServerCall& call) {
                            return std::make_unique<Repeat>(call);
                          }});
    handler.services.add({.path = "/pkg.Test/Later", .respond = {}, .begin = [](ServerCall& call) {
                            return std::make_unique<Later>(call);
                          }});
  }

  static void send_back(ServerCall& call, std::string_view message) {
    call.send(message);
    call.finish();
  }

  // Runs the loop while a blocking client is at work.
  void run_beside(const std::function<void(GrpcClient&)>& work) {
    std::thread blocking([&] {
      try {
        GrpcClient client(server.address().port());
        work(client);
      } catch (const std::exception& error) {
        FAIL_CHECK(std::string(error.what()));
      }
      loop.post([this] { loop.stop(); });
    });
    run();
    blocking.join();
    turn();
  }

  GrpcAnswer call_bytes(const std::string& path, std::string_view bytes,
                        const Http2Stream::Fields& more = {}) {
    GrpcAnswer answer;
    run_beside([&](GrpcClient& client) { answer = client.call_bytes(path, bytes, more); });
    return answer;
  }
  GrpcAnswer call(const std::string& path, std::string_view message,
                  const Http2Stream::Fields& more = {}) {
    return call_bytes(path, GrpcClient::frame(message), more);
  }

  Counts& counts() { return handler.counts; }

  Log log{LogLevel::kError};
  Handler handler{loop};
  http::Server server;
};

inline const std::string kOne = "/pkg.Test/One";
inline const std::string kMany = "/pkg.Test/Many";

}  // namespace perigee::grpc
