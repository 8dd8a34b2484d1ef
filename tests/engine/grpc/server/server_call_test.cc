#include "engine/grpc/server/server_call.h"

#include <array>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/http/body_decoder.h"
#include "engine/http/server/server.h"
#include "tests/support/grpc_client.h"
#include "tests/support/loop_fixture.h"

namespace perigee::grpc {
namespace {

constexpr size_t kMaxMessage = 1000;

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

const std::string kOne = "/pkg.Test/One";
const std::string kMany = "/pkg.Test/Many";

std::string packed(std::string_view text, http::ContentCoding coding) {
  return http::encode_body({&coding, 1}, text);
}

TEST_CASE("a call with one message is answered with one, and a status in the trailers") {
  Served served;
  const GrpcAnswer answer = served.call(kOne, "text");
  CHECK(answer.http_status == 200);
  CHECK(answer.head.at("content-type") == "application/grpc");
  CHECK(answer.only() == "text");
  CHECK(!answer.head_only);
  CHECK(answer.trailers == std::map<std::string, std::string>{{"grpc-status", "0"}});
  CHECK(answer.http2_code == http2::ErrorCode::kNoError);
  CHECK(served.counts().log == "call(0) finished(0) ");
  CHECK(served.counts().received == 1);
  CHECK(served.counts().sent == 1);
}

TEST_CASE("an empty message is a message") {
  Served served;
  CHECK(served.call(kOne, "").only().empty());
}

TEST_CASE("frames and messages may be cut in two anywhere") {
  Served served;
  served.run_beside([](GrpcClient& client) {
    const std::string bytes = GrpcClient::frame("one") + GrpcClient::frame("two");
    for (size_t at = 1; at < bytes.size(); ++at) {
      Http2Stream& stream = client.open(kMany);
      stream.send(bytes.substr(0, at));
      client.http.flush();
      stream.send(bytes.substr(at));
      stream.end();
      CHECK(client.finish(stream).messages == std::vector<std::string>{"one", "two", "2"});
    }
  });
}

TEST_CASE("messages are answered before the client has sent all of its own") {
  Served served;
  served.run_beside([](GrpcClient& client) {
    Http2Stream& stream = client.open(kMany);
    for (size_t n = 1; n <= 3; ++n) {
      stream.send(GrpcClient::frame("x"));
      client.await(stream, n);
      CHECK(GrpcClient::answer(stream).messages.size() == n);
    }
    stream.end();
    CHECK(client.finish(stream).messages.back() == "3");
  });
  CHECK(served.counts().log == "call(1) finished(0) ");
}

TEST_CASE("a call of what there is not is unimplemented, by trailers only") {
  Served served;
  const auto message = [&](const std::string& path) {
    const GrpcAnswer answer = served.call(path, "");
    CHECK(answer.code == 12);
    CHECK(answer.head_only);
    CHECK(answer.http_status == 200);
    return answer.message;
  };
  CHECK(message("/pkg.Test/None") == "unknown method None for service pkg.Test");
  CHECK(message("/pkg.Other/One") == "unknown service pkg.Other");
  CHECK(message("/one") == "\"/one\" is not /package.Service/Method");
  CHECK(served.counts().log == "call(?) finished(12) call(?) finished(12) call(?) finished(12) ");
}

TEST_CASE("a status has a message, details and metadata of its own") {
  Served served([](ServerCall& call, std::string_view /*message*/) {
    call.add_header("x-head", "1");
    call.add_trailer("x-trailer", "2");
    call.finish({Code::kDataLoss, "50 % gone: ä", std::string("\0\1", 2)});
  });
  const GrpcAnswer answer = served.call(kOne, "");
  CHECK(answer.code == 15);
  CHECK(answer.message == "50 %25 gone: %C3%A4");
  CHECK(answer.trailers.at("grpc-status-details-bin") == "AAE");
  CHECK(answer.trailers.at("x-head") == "1");
  CHECK(answer.trailers.at("x-trailer") == "2");
}

TEST_CASE("metadata go in the head and the trailers") {
  Served served([](ServerCall& call, std::string_view /*message*/) {
    call.add_header("x-head", call.request().field("x-mine"));
    call.add_trailer("x-trailer", "2");
    call.send("");
    call.finish();
  });
  const GrpcAnswer answer = served.call(kOne, "", {{"x-mine", "own"}});
  CHECK(answer.head.at("x-head") == "own");
  CHECK(answer.trailers.at("x-trailer") == "2");
}

TEST_CASE("a message is unpacked as grpc-encoding says, and the response packed alike") {
  const std::string text(500, 'x');
  for (const auto coding : {http::ContentCoding::kGzip, http::ContentCoding::kDeflate}) {
    Served served;
    const GrpcAnswer answer =
        served.call_bytes(kOne, GrpcClient::frame(packed(text, coding), true),
                          {{"grpc-encoding", std::string(http::name_of(coding))}});
    CHECK(answer.head.at("grpc-encoding") == http::name_of(coding));
    CHECK(answer.compressed);
    std::string unpacked = answer.only();
    CHECK(unpacked.size() < 100);
    http::BodyDecoder().decode(http::name_of(coding), unpacked);
    CHECK(unpacked == text);
  }
}

TEST_CASE("a message may be sent as it is, whatever grpc-encoding says") {
  Served served;
  const GrpcAnswer answer = served.call(kMany, "plain", {{"grpc-encoding", "gzip"}});
  CHECK(answer.code == 0);
  CHECK(answer.messages.size() == 2);
  CHECK(served.call(kOne, "plain", {{"grpc-encoding", "identity"}}).only() == "plain");
}

TEST_CASE("an unknown encoding is refused with those that are known") {
  Served served;
  const GrpcAnswer answer = served.call(kOne, "x", {{"grpc-encoding", "snappy"}});
  CHECK(answer.code == 12);
  CHECK(answer.message == "unknown grpc-encoding \"snappy\"; the server takes gzip,deflate");
  CHECK(answer.trailers.at("grpc-accept-encoding") == "gzip,deflate");
}

TEST_CASE("what is no message is refused as internal") {
  struct Case {
    std::string bytes, message;
    Http2Stream::Fields fields{};
  };
  const std::array<Case, 5> cases{{
      {GrpcClient::frame("x", true), "a message is compressed, but no grpc-encoding says how"},
      {GrpcClient::frame("x", true),
       "a message can't be unpacked (gzip): unexpected end of the data",
       {{"grpc-encoding", "gzip"}}},
      {std::string("\7\0\0\0\1x", 6), "a message begins with neither 0 nor 1"},
      {GrpcClient::frame("text").substr(0, 7), "the request ends in a message"},
      {"", "the request has no message"},
  }};
  for (const Case& one : cases) {
    Served served;
    const GrpcAnswer answer = served.call_bytes(kOne, one.bytes, one.fields);
    CHECK(answer.code == 13);
    CHECK(answer.message == one.message);
    CHECK(served.counts().log == "call(0) finished(13) ");
  }
}

TEST_CASE("a message above the limit is refused by what it announces, or unpacks to") {
  Served served;
  CHECK(served.call(kOne, std::string(kMaxMessage, 'x')).code == 0);
  served.run_beside([](GrpcClient& client) {
    Http2Stream& stream = client.open(kOne);
    stream.send(std::string("\0\0\0\x03\xe9", 5));  // and nothing more: 1001 bytes
    const GrpcAnswer answer = client.finish(stream);
    CHECK(answer.code == 8);
    CHECK(answer.message == "the message has 1001 bytes; the server takes 1000 at most");
  });
  const std::string bomb = packed(std::string(100'000, 'x'), http::ContentCoding::kGzip);
  const GrpcAnswer answer =
      served.call_bytes(kOne, GrpcClient::frame(bomb, true), {{"grpc-encoding", "gzip"}});
  CHECK(answer.code == 8);
  CHECK(answer.message == "a message unpacks to more than 1000 bytes");
}

TEST_CASE("a call ends when its deadline has passed, whoever keeps it waiting") {
  Served served([](ServerCall& /*call*/, std::string_view /*message*/) {});
  const GrpcAnswer answer = served.call(kOne, "", {{"grpc-timeout", "5m"}});
  CHECK(answer.code == 4);
  CHECK(answer.message == "the deadline has passed");
  CHECK(answer.head_only);
  served.run_beside([](GrpcClient& client) {
    Http2Stream& stream = client.open(kMany, {{"grpc-timeout", "200m"}});
    stream.send(GrpcClient::frame("x"));
    const GrpcAnswer late = client.finish(stream);
    CHECK(late.messages.size() == 1);
    CHECK(late.code == 4);
  });
  CHECK(served.counts().log == "call(0) finished(4) call(1) finished(4) ");
}

TEST_CASE("a deadline that is far away or met changes nothing, and a malformed one is refused") {
  Served served;
  CHECK(served.call(kOne, "x", {{"grpc-timeout", "99999999H"}}).only() == "x");
  CHECK(served.call(kOne, "x", {{"grpc-timeout", "10S"}}).only() == "x");
  const GrpcAnswer answer = served.call(kOne, "x", {{"grpc-timeout", "soon"}});
  CHECK(answer.code == 13);
  CHECK(answer.message == "malformed grpc-timeout \"soon\"");
}

TEST_CASE("a deadline beyond all time is none") {
  Served served([](ServerCall& call, std::string_view message) {
    const Instant due = call.now() + std::chrono::milliseconds(5);
    call.send(message, due);
    call.finish({}, due);
  });
  CHECK(served.call(kOne, "x", {{"grpc-timeout", "99999999H"}}).only() == "x");
}

TEST_CASE("what is sent later keeps its order, and the deadline cuts it off") {
  const auto in = [](const ServerCall& call, int ms) {
    return call.now() + std::chrono::milliseconds(ms);
  };
  Served served([&](ServerCall& call, std::string_view message) {
    call.send("first", in(call, 5));
    call.send("second");  // behind what waits
    call.send("third", in(call, message == "long" ? 60'000 : 1));
    call.finish({Code::kAborted, "at last"});
  });
  const GrpcAnswer answer = served.call(kOne, "");
  CHECK(answer.messages == std::vector<std::string>{"first", "second", "third"});
  CHECK(answer.code == 10);
  const GrpcAnswer late = served.call(kOne, "long", {{"grpc-timeout", "200m"}});
  CHECK(late.messages == std::vector<std::string>{"first", "second"});
  CHECK(late.code == 4);
}

TEST_CASE("messages that are due later count as unsent, so that a client is held up") {
  Served served;
  served.run_beside([](GrpcClient& client) {
    Http2Stream& stream = client.open("/pkg.Test/Later");
    constexpr size_t kWindow = 4 << 20;
    const std::string message = GrpcClient::frame(std::string(kMaxMessage, 'x'));
    std::string all;
    while (all.size() < 2 * kWindow)
      all += message;
    stream.send(all);
    for (int i = 0; i < 5; ++i)
      CHECK(client.call(kOne, "x").code == 0);  // what can be sent has been by then
    CHECK(stream.unsent() > kWindow - 100'000);
  });
}

TEST_CASE("a client that cancels or goes is counted, and what is sent to it is lost") {
  ServerCall* kept = nullptr;
  Served served([&](ServerCall& call, std::string_view message) {
    if (message == "keep") {
      kept = &call;
      return;
    }
    Served::send_back(call, message);
  });
  served.run_beside([&](GrpcClient& client) {
    Http2Stream& cancelled = client.open(kOne);
    cancelled.send(GrpcClient::frame("keep"));
    client.http.flush();
    CHECK(client.call(kOne, "x").code == 0);
    cancelled.reset(http2::ErrorCode::kCancel);
    CHECK(client.call(kOne, "x").code == 0);
    client.open(kMany).send(GrpcClient::frame("x"));
    client.http.flush();
    CHECK(client.call(kOne, "x").code == 0);
  });
  CHECK(kept != nullptr);
  CHECK(served.counts().log ==
        "call(0) call(0) finished(0) dropped call(0) finished(0) call(1) call(0) finished(0) "
        "dropped ");
}

TEST_CASE("a second message to a method that takes one is passed over") {
  Served served;
  const GrpcAnswer answer =
      served.call_bytes(kOne, GrpcClient::frame("one") + GrpcClient::frame("two"));
  CHECK(answer.only() == "one");
  CHECK(answer.code == 0);
}

TEST_CASE("a request is a call by its method and content type") {
  Served served;
  served.run_beside([](GrpcClient& client) {
    const auto status = [&](const std::string& method, const std::string& type) {
      Http2Stream& stream = client.http.open({{":method", method},
                                              {":scheme", "http"},
                                              {":authority", "a"},
                                              {":path", kOne},
                                              {"content-type", type}});
      stream.send(GrpcClient::frame("x"));
      stream.end();
      const GrpcAnswer answer = client.finish(stream);
      return answer.http_status == 200 ? answer.head.at("content-type")
                                       : std::to_string(answer.http_status);
    };
    CHECK(status("POST", "application/grpc") == "application/grpc");
    CHECK(status("POST", "application/grpc+proto") == "application/grpc+proto");
    CHECK(status("POST", "application/grpc;charset=x") == "application/grpc");
    CHECK(status("POST", "application/grpc-web") == "404");
    CHECK(status("POST", "application/json") == "404");
    CHECK(status("PUT", "application/grpc") == "404");
  });
}

}  // namespace
}  // namespace perigee::grpc
