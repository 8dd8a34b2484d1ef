#include "engine/http/server/server.h"

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/http/header_fields.h"
#include "tests/engine/http/http_fixture.h"
#include "tests/support/raw_client.h"

namespace perigee::http {
namespace {

// Says what it was asked, and counts what it hears.
struct Echo : ServerHandler {
  struct Counter : ServerObserver {
    explicit Counter(Echo& its_echo) : echo(its_echo) { ++echo.connections; }
    void on_request(ServerRequest& request, Instant /*at*/) override {
      request.label = ++echo.requests;
    }
    void on_received(const ServerRequest* /*request*/, size_t bytes) override {
      echo.received += bytes;
    }
    void on_sent(const ServerRequest* /*request*/, size_t bytes) override { echo.sent += bytes; }
    void on_replied(const ServerRequest& request, int status) override {
      echo.replied += fmt::format("{}:{} ", request.label, status);
    }
    Echo& echo;
  };

  Reply respond(ServerRequest& request, Instant at) override {
    if (request.body == "leave")
      return {.status = 404, .content_type = {}, .fields = {}, .text = {}, .lasting = {}};
    Reply reply = plain_reply(
        200, fmt::format("{} {} {}", request.method(), request.parameter("name"), request.body));
    reply.fields = fmt::format("X-Host: {}\r\n", request.field("host"));
    reply.due = at + delay;
    return reply;
  }
  std::unique_ptr<ServerObserver> observe() override { return std::make_unique<Counter>(*this); }

  Duration delay{};
  int connections = 0;
  uint32_t requests = 0;
  size_t received = 0, sent = 0;
  std::string replied;
};

// A server and a client on one loop.
struct Served : HttpFixture {
  explicit Served(HttpVersions versions = HttpVersions::kHttp1, const ServerLimits& limits = {})
      : HttpFixture(versions),
        server(loop, {.address = *Address::parse("127.0.0.1", 0), .limits = limits}, echo, log) {}

  std::string url(std::string_view path = "/") const {
    return fmt::format("http://127.0.0.1:{}{}", server.address().port(), path);
  }
  Response post(std::string_view body) {
    Request sent = request(url("/a?name=b%20c"), "POST");
    sent.body = body;
    return send(sent);
  }
  // Runs the loop while a blocking client is at work.
  template <class Work>
  void run_beside(Work work) {
    std::thread blocking([&] {
      work(server.address().port());
      loop.post([this] { loop.stop(); });
    });
    run();
    blocking.join();
  }

  Log log{LogLevel::kError};
  Echo echo;
  Server server;
};

constexpr std::string_view kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

TEST_CASE("a server answers what its handler says, whatever version is spoken") {
  for (const HttpVersions versions : {HttpVersions::kHttp1, HttpVersions::kHttp2}) {
    Served served(versions);
    const Response response = served.post("text");
    CHECK(response.status == 200);
    CHECK(response.body == "POST b c text\n");
    CHECK(find_field(response.fields, "x-host") ==
          fmt::format("127.0.0.1:{}", served.server.address().port()));
    CHECK(served.post("leave").status == 404);
    CHECK(served.echo.connections == 1);
    CHECK(served.echo.replied == "1:200 2:404 ");
    CHECK(served.echo.sent > 0);
  }
}

TEST_CASE("what is too large is refused") {
  for (const HttpVersions versions : {HttpVersions::kHttp1, HttpVersions::kHttp2}) {
    Served served(versions, {.body = 10});
    CHECK(served.post("0123456789").status == 200);
    const Response refused = served.post("01234567890");
    CHECK(refused.status == 413);
    CHECK(refused.body == "the body is too large\n");
  }
}

TEST_CASE("a head that is too large, and what is no request, are refused in plain text") {
  Served served(HttpVersions::kHttp1, {.head = 1000});
  served.run_beside([](uint16_t port) {
    RawClient large(port);
    large.send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(2000, 'x') + "\r\n\r\n");
    CHECK(large.read_answer().status == 431);
    RawClient odd(port);
    odd.send("odd\r\n\r\n");
    const RawAnswer answer = odd.read_answer();
    CHECK(answer.status == 400);
    CHECK(answer.headers.at("content-type") == "text/plain");
  });
}

TEST_CASE("connections above the limit are closed, and those below it served") {
  Served served(HttpVersions::kHttp1, {.connections = 2});
  served.run_beside([](uint16_t port) {
    RawClient one(port), two(port);
    one.send(kGet);
    CHECK(one.read_answer().status == 200);
    two.send(kGet);
    CHECK(two.read_answer().status == 200);
    CHECK(RawClient(port).read_to_end().empty());
    one.send(kGet);
    CHECK(one.read_answer().status == 200);
  });
  CHECK(served.echo.connections == 2);
}

TEST_CASE("a connection without a request is closed when its time is over") {
  Served served(HttpVersions::kHttp1, {.idle = std::chrono::milliseconds(5)});
  served.run_beside([](uint16_t port) {
    CHECK(RawClient(port).read_to_end().empty());
    RawClient slow(port);
    slow.send("GET / HTTP/1.1\r\nHost");
    CHECK(slow.read_to_end().empty());
    RawClient once(port);
    once.send(kGet);
    CHECK(once.read_to_end().starts_with("HTTP/1.1 200"));
  });
  CHECK(served.server.connections() == 0);
}

TEST_CASE("a reply that waits for its instant is no idleness") {
  for (const HttpVersions versions : {HttpVersions::kHttp1, HttpVersions::kHttp2}) {
    Served served(versions, {.idle = std::chrono::milliseconds(5)});
    served.echo.delay = std::chrono::milliseconds(30);
    CHECK(served.post("text").status == 200);
  }
}

TEST_CASE("an idle connection of HTTP/2 is closed, which its client takes well") {
  Served served(HttpVersions::kHttp2, {.idle = std::chrono::milliseconds(5)});
  CHECK(served.post("text").status == 200);
  Timer look(served.loop.timers(), [&] {
    if (served.server.connections() == 0) return served.loop.stop();
    look.start(served.loop.now() + std::chrono::milliseconds(1));
  });
  look.start(served.loop.now());
  served.run();
  CHECK(served.post("text").status == 200);
  CHECK(served.echo.connections == 2);
}

// Says once more what it hears first, and ends.
struct Repeat : Upgraded {
  Repeat(std::unique_ptr<Stream> its_stream, std::function<void()> its_end)
      : stream(std::move(its_stream)), end(std::move(its_end)) {}
  void receive(std::string_view bytes, Instant /*at*/) override {
    heard = bytes;
    CHECK(stream->write(heard, {}));
    const std::function<void()> ends = std::move(end);
    ends();
  }
  std::unique_ptr<Stream> stream;
  std::function<void()> end;
  std::string heard;
};

struct Upgrader : ServerHandler {
  Reply respond(ServerRequest& request, Instant /*at*/) override {
    if (!request.can_upgrade()) return plain_reply(400, "not here");
    Reply reply;
    reply.status = 101;
    reply.upgrade = [](std::unique_ptr<Stream> stream, std::function<void()> finished) {
      return std::make_unique<Repeat>(std::move(stream), std::move(finished));
    };
    return reply;
  }
};

TEST_CASE("a connection goes on in another protocol with what came behind its request") {
  Served served;
  Upgrader upgrader;
  Server server(served.loop, {.address = *Address::parse("127.0.0.1", 0)}, upgrader, served.log);
  served.run_beside([&](uint16_t /*port*/) {
    RawClient client(server.address().port());
    client.send(std::string(kGet) + "hello");
    const std::string all = client.read_to_end();
    CHECK(all.starts_with("HTTP/1.1 101 "));
    CHECK(all.ends_with("\r\n\r\nhello"));
  });
  CHECK(server.connections() == 0);
}

}  // namespace
}  // namespace perigee::http
