#include "engine/grpc/server/server_call.h"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/engine/grpc/server/server_call_fixture.h"

namespace perigee::grpc {
namespace {

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
