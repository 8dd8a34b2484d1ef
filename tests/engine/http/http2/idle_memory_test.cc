// What a connection holds that has nothing to do, and what connections of one thread share.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "tests/engine/http/http2/connection_pair.h"
#include "tests/support/heap_bytes.h"

namespace perigee::http2 {
namespace {

// Fields as a script and a server send them.
const std::vector<Field> kRequestHead{{":method", "POST"},
                                      {":scheme", "https"},
                                      {":authority", "models.example.org"},
                                      {":path", "/v2/models/iris/infer"},
                                      {"content-type", "application/json"},
                                      {"accept", "application/json"},
                                      {"user-agent", "perigee/test"}};
const std::vector<Field> kResponseHead{{":status", "200"},
                                       {"content-type", "application/json"},
                                       {"server", "test"},
                                       {"date", "Mon, 30 Nov 2026 00:00:00 GMT"}};

// The two ends of a connection, either of which can go by itself.
struct Ends {
  FakeClock clock;
  std::unique_ptr<Side> client =
      std::make_unique<Side>(ConnectionSettings{.role = Role::kClient}, clock);
  std::unique_ptr<Side> server =
      std::make_unique<Side>(ConnectionSettings{.role = Role::kServer}, clock);

  size_t turn(Side& from, Side& to) const {
    from.turn_ends.run();
    const std::string bytes = std::exchange(from.pipe.bytes, {});
    if (!bytes.empty()) to.connection.receive(bytes, clock.now());
    return bytes.size();
  }
  void turns() {
    while (turn(*client, *server) + turn(*server, *client) > 0) {
    }
  }
  // One request and its response, to the end.
  void exchange(size_t body_size) {
    const std::string body(body_size, 'b');
    const std::string result(52, 'r');
    StreamLog user;
    user.unsent = body;
    user.last = true;
    const int32_t stream = client->connection.open(user, kRequestHead, &user);
    turns();
    StreamLog& response = *server->streams.back();
    REQUIRE(response.received == body.size());
    response.unsent = result;
    response.last = true;
    server->connection.respond(stream, kResponseHead, &response);
    turns();
    REQUIRE(user.received == result.size());
  }
};

// The bytes that the end gives back when it goes.
size_t held_by(std::unique_ptr<Side>& end) {
  end->streams.clear();
  end->pipe.bytes = std::string();
  const size_t before = heap_bytes();
  end.reset();
  return before - heap_bytes();
}

// Of what is held nghttp2 has 9 KB, 4 of them for its table of streams; the fields that both ends
// remember take 1, and the connection and what stands for its users the rest.
constexpr size_t kMaxIdle = 12 * 1024;

TEST_CASE("an idle connection of a client holds no buffers") {
  for (const size_t body_size : {size_t{110}, size_t{3'000}, size_t{300'000}}) {
    CAPTURE(body_size);
    Ends ends;
    for (int i = 0; i < 20; ++i)
      ends.exchange(body_size);
    CHECK(held_by(ends.client) < kMaxIdle);
  }
}

TEST_CASE("an idle connection of a server holds no buffers") {
  Ends ends;
  ends.exchange(300'000);
  CHECK(held_by(ends.server) < kMaxIdle);
}

TEST_CASE("a connection may go while others of its thread send") {
  Ends first, second;
  first.exchange(100);
  first.client.reset();
  second.exchange(100'000);
  first.server.reset();
  second.exchange(100'000);
}

}  // namespace
}  // namespace perigee::http2
