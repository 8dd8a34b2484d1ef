#include "engine/http/server/duplex.h"

#include <array>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/http/server/server.h"
#include "tests/support/http2_client.h"
#include "tests/support/loop_fixture.h"

namespace perigee::http {
namespace {

constexpr std::array<http2::Field, 2> kHead{{{":status", "200"}, {"x-a", "1"}}};
constexpr std::array<http2::Field, 2> kTrailers{{{"x-sum", "7"}, {"x-b", ""}}};

// Notes what it hears, and does what the test says on top of that.
struct Duplex final : DuplexEvents {
  explicit Duplex(DuplexStream& its_stream) : stream(its_stream) {}

  void on_data(std::string_view bytes) override {
    received += bytes.size();
    if (data) data(bytes);
  }
  void on_end() override {
    log += "end ";
    if (end) end();
  }
  void on_drained() override {
    if (drained) drained();
  }
  void on_closed(http2::ErrorCode code) override {
    stream.send("nobody hears this");
    stream.reset(code);
    log += fmt::format("closed({}) ", static_cast<uint32_t>(code));
    if (closed) closed(log);
  }

  DuplexStream& stream;
  std::function<void(std::string_view)> data;
  std::function<void()> end, drained;
  std::function<void(const std::string&)> closed;
  std::string log;
  size_t received = 0;
};

// Takes what is asked for below /duplex as it comes.
struct Handler : ServerHandler {
  struct Counter : ServerObserver {
    explicit Counter(std::string& its_log) : log(its_log) {}
    void on_replied(const ServerRequest& request, int status) override {
      log += fmt::format("{} {} ", request.path(), status);
    }
    std::string& log;
  };

  std::unique_ptr<DuplexEvents> open(const ServerRequest& request, DuplexStream& stream,
                                     Instant /*at*/) override {
    if (!request.path().starts_with("/duplex")) return nullptr;
    auto events = std::make_unique<Duplex>(stream);
    events->closed = [this](const std::string& its_log) { log += its_log; };
    begin(*events);
    return events;
  }
  Reply respond(ServerRequest& request, Instant /*at*/) override {
    return plain_reply(200, fmt::format("{} bytes", request.body.size()));
  }
  std::unique_ptr<ServerObserver> observe() override { return std::make_unique<Counter>(replied); }

  std::function<void(Duplex&)> begin;
  std::string log, replied;
};

struct Served : LoopFixture {
  explicit Served(std::function<void(Duplex&)> begin)
      : server(std::make_unique<Server>(
            loop, Server::Options{.address = *Address::parse("127.0.0.1", 0)}, handler, log)) {
    handler.begin = std::move(begin);
  }

  // Runs the loop while a blocking client is at work.
  void run_beside(const std::function<void(Http2Client&)>& work,
                  const http2::ConnectionSettings& settings = {}) {
    std::thread blocking([&] {
      try {
        Http2Client client(server->address().port(), settings);
        work(client);
      } catch (const std::exception& error) {
        FAIL_CHECK(std::string(error.what()));
      }
      loop.post([this] { loop.stop(); });
    });
    run();
    blocking.join();
  }

  Log log{LogLevel::kError};
  Handler handler;
  std::unique_ptr<Server> server;
};

Http2Stream::Fields post(const std::string& path) {
  return {{":method", "POST"}, {":scheme", "http"}, {":authority", "a"}, {":path", path}};
}

void echo(Duplex& duplex) {
  duplex.stream.send_head(kHead, false);
  duplex.data = [&duplex](std::string_view bytes) {
    duplex.stream.send(bytes);
    duplex.stream.consume(bytes.size());
  };
  duplex.end = [&duplex] { duplex.stream.end(kTrailers); };
}

TEST_CASE("a handler hears and sends data piece by piece, while its client does the same") {
  Served served(echo);
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    client.run_until([&] { return stream.status != 0; });
    CHECK(stream.status == 200);
    CHECK(stream.head.at("x-a") == "1");
    for (const std::string expected : {"one", "onetwo"}) {
      stream.send(expected.substr(stream.body.size()));
      client.run_until([&] { return stream.body == expected; });
      CHECK(stream.body == expected);
      CHECK(!stream.ended);
    }
    stream.end();
    client.finish(stream);
    CHECK(stream.trailers == std::map<std::string, std::string>{{"x-sum", "7"}, {"x-b", ""}});
    CHECK(stream.code == http2::ErrorCode::kNoError);
  });
  CHECK(served.handler.log == "end closed(0) ");
  CHECK(served.handler.replied == "/duplex 200 ");
}

TEST_CASE("a response can be a head alone, before the request is complete") {
  Served served([](Duplex& duplex) {
    duplex.stream.send_head(std::array<http2::Field, 1>{{{":status", "404"}}}, true);
  });
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    client.finish(stream);
    CHECK(stream.status == 404);
    CHECK(stream.head_only);
    CHECK(stream.code == http2::ErrorCode::kNoError);
  });
  CHECK(served.handler.log == "closed(0) ");
  CHECK(served.handler.replied == "/duplex 404 ");
}

TEST_CASE("a handler that sends before its client has sent anything is heard") {
  Served served([](Duplex& duplex) {
    duplex.stream.send_head(kHead, false);
    duplex.stream.send("early");
    duplex.stream.end({});
  });
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    client.finish(stream);
    CHECK(stream.body == "early");
    CHECK(stream.trailers.empty());
    CHECK(stream.ended);
  });
}

TEST_CASE("what a handler has not consumed holds its client up, and no other stream") {
  constexpr size_t kWindow = 4 << 20;
  Duplex* held = nullptr;
  Served served([&](Duplex& duplex) {
    if (held != nullptr) {
      // The second stream has the first one's data consumed.
      duplex.stream.send_head(kHead, true);
      held->stream.consume(held->received);
      return;
    }
    held = &duplex;
    duplex.data = [&duplex](std::string_view /*bytes*/) {
      if (duplex.received == kWindow) duplex.stream.send_head(kHead, false);
    };
    duplex.end = [&duplex] { duplex.stream.end({}); };
  });
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    stream.send(std::string(kWindow + 1000, 'x'));
    stream.end();
    client.run_until([&] { return stream.status != 0; });
    CHECK(stream.unsent() == 1000);
    Http2Stream& other = client.open(post("/plain"), true);
    client.finish(other);
    CHECK(other.body == "0 bytes\n");
    CHECK(stream.unsent() == 1000);
    client.open(post("/duplex"), true);
    client.finish(stream);
    CHECK(stream.unsent() == 0);
    CHECK(stream.ended);
  });
}

TEST_CASE("a handler hears when all it sent has left, and keeps what the client's window refuses") {
  int rounds = 0;
  Served served([&](Duplex& duplex) {
    duplex.stream.send_head(kHead, false);
    duplex.stream.send(std::string(1000, 'x'));
    CHECK(duplex.stream.unsent() == 1000);
    duplex.drained = [&] {
      CHECK(duplex.stream.unsent() == 0);
      if (++rounds == 5) return duplex.stream.end(kTrailers);
      duplex.stream.send(std::string(100'000, 'x'));
    };
  });
  served.run_beside(
      [&](Http2Client& client) {
        Http2Stream& stream = client.open(post("/duplex"), true);
        client.run_until([&] { return stream.body.size() == 50'000; });
        CHECK(stream.body.size() == 50'000);
        stream.consume(50'000);
        client.run_until([&] { return stream.body.size() == 100'000; });
        while (!stream.ended) {
          const size_t before = stream.body.size();
          stream.consume(50'000);
          client.run_until([&] { return stream.ended || stream.body.size() > before; });
        }
        CHECK(stream.body.size() == 401'000);
        CHECK(stream.trailers.at("x-sum") == "7");
      },
      {.stream_window = 50'000, .manual_windows = true});
  CHECK(rounds == 5);
}

TEST_CASE("a reset of either side reaches the other with its code, and nothing after it") {
  Served served([&](Duplex& duplex) {
    duplex.stream.send_head(kHead, false);
    duplex.data = [&duplex](std::string_view bytes) {
      if (bytes != "reset") return;
      duplex.stream.reset(http2::ErrorCode::kEnhanceYourCalm);
      duplex.stream.send("nothing");
      duplex.stream.end(kTrailers);
    };
  });
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    stream.send("reset");
    stream.end();
    client.finish(stream);
    CHECK(stream.code == http2::ErrorCode::kEnhanceYourCalm);
    CHECK(stream.body.empty());
    Http2Stream& cancelled = client.open(post("/duplex"));
    client.run_until([&] { return cancelled.status != 0; });
    cancelled.reset(http2::ErrorCode::kCancel);
    Http2Stream& last = client.open(post("/plain"), true);
    client.finish(last);
  });
  CHECK(served.handler.log == "closed(11) closed(8) ");
  CHECK(served.handler.replied == "/plain 200 ");
}

TEST_CASE("a client that goes, and a server that ends, close the streams there are") {
  Served served(echo);
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    client.run_until([&] { return stream.status != 0; });
  });
  served.turn();
  CHECK(served.handler.log == "closed(8) ");
  served.run_beside([&](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    client.run_until([&] { return stream.status != 0; });
    served.loop.post([&] { served.server.reset(); });
    client.run_until([] { return false; });
    CHECK(client.closed());
  });
  CHECK(served.handler.log == "closed(8) closed(8) ");
}

TEST_CASE("GOAWAY leaves a duplex stream to its end, and closes behind it") {
  Served served([](Duplex& duplex) {
    duplex.stream.go_away();
    echo(duplex);
  });
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    client.run_until([&] { return client.going_away() && stream.status != 0; });
    stream.send("still");
    client.run_until([&] { return stream.body == "still"; });
    CHECK(stream.body == "still");
    stream.end();
    client.finish(stream);
    CHECK(stream.trailers.at("x-sum") == "7");
    client.run_until([] { return false; });
    CHECK(client.closed());
  });
}

TEST_CASE("a handler can end the whole connection without a word") {
  Served served([](Duplex& duplex) { duplex.stream.cut(); });
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/duplex"));
    client.run_until([] { return false; });
    CHECK(client.closed());
    CHECK(!stream.over());
    CHECK(!client.going_away());
  });
  CHECK(served.handler.log == "closed(8) ");
}

TEST_CASE("a request that nobody takes at its head is answered when it is complete") {
  Served served(echo);
  served.run_beside([](Http2Client& client) {
    Http2Stream& stream = client.open(post("/plain"));
    stream.send(std::string(5 << 20, 'x'));  // more than its window at once
    stream.end();
    client.finish(stream);
    CHECK(stream.body == "5242880 bytes\n");
  });
  CHECK(served.handler.log.empty());
}

}  // namespace
}  // namespace perigee::http
