#include "engine/http/http2/connection.h"

#include <doctest/doctest.h>

#include "tests/engine/http/http2/connection_pair.h"

namespace perigee::http2 {
namespace {

TEST_CASE("a request and its response pass between client and server") {
  ConnectionPair pair;
  const int32_t stream = pair.open();
  pair.exchange();
  CHECK(pair.user.log == "sent ");
  CHECK(pair.served().log == "POST host/path te=trailers last end ");
  StreamLog& response = pair.served();
  response.unsent = "hello";
  response.last = true;
  pair.server.connection.respond(stream, pair.kResponse, &response);
  pair.exchange();
  CHECK(pair.user.log == "sent 200 x-a=1 data(hello) end closed(0) ");
  CHECK(response.log == "POST host/path te=trailers last end closed(0) ");
}

TEST_CASE("trailers go both ways, behind data or without any") {
  for (const std::string_view data : {"data", ""}) {
    CAPTURE(data);
    ConnectionPair pair;
    pair.user.unsent = data;
    pair.user.last = true;
    pair.user.trailers = {{"x-sum", "7"}, {"x-empty", ""}};
    const int32_t stream = pair.open(&pair.user);
    pair.exchange();
    const std::string expected = data.empty() ? "" : "data(data) ";
    CHECK(pair.served().log ==
          "POST host/path te=trailers " + expected + "trailers x-sum=7 x-empty= end ");
    StreamLog& response = pair.served();
    response.unsent = data;
    response.last = true;
    response.trailers = {{"grpc-status", "0"}};
    pair.server.connection.respond(stream, pair.kResponse, &response);
    pair.exchange();
    CHECK(pair.user.log == "sent 200 x-a=1 " + expected + "trailers grpc-status=0 end closed(0) ");
  }
}

TEST_CASE("both sides send as they have something, before either ends") {
  ConnectionPair pair;
  const int32_t stream = pair.open(&pair.user);
  pair.exchange();
  StreamLog& response = pair.served();
  pair.server.connection.respond(stream, pair.kResponse, &response);
  pair.exchange();
  for (const std::string_view message : {"one", "two"}) {
    pair.user.unsent = message;
    pair.client.connection.resume(stream);
    pair.exchange();
    response.unsent = message;
    pair.server.connection.resume(stream);
    pair.exchange();
  }
  CHECK(pair.user.log == "200 x-a=1 data(one) data(two) ");
  pair.user.last = true;
  pair.client.connection.resume(stream);
  pair.exchange();
  CHECK(response.log == "POST host/path te=trailers data(one) data(two) end ");
  CHECK(pair.client.connection.sent_end(stream));
  response.unsent = "three";
  response.last = true;
  pair.server.connection.resume(stream);
  pair.exchange();
  CHECK(pair.user.log == "200 x-a=1 data(one) data(two) sent data(three) end closed(0) ");
}

TEST_CASE("a head that ends its stream says so") {
  ConnectionPair pair;
  const int32_t stream = pair.open();
  pair.exchange();
  const std::vector<Field> early{{":status", "103"}, {"link", "x"}};
  pair.server.connection.inform(stream, early);
  pair.server.connection.respond(stream, pair.kResponse, nullptr);
  pair.exchange();
  CHECK(pair.user.log == "sent 103 link=x 200 x-a=1 last end closed(0) ");
}

TEST_CASE("a reset ends the stream on both sides with its code, and no other stream") {
  ConnectionPair pair;
  StreamLog other;
  const int32_t stream = pair.open(&pair.user);
  const int32_t kept = pair.client.connection.open(other, pair.kRequest, nullptr);
  pair.exchange();
  pair.client.connection.reset(stream, ErrorCode::kCancel);
  pair.exchange();
  CHECK(pair.user.log == "closed(8) ");
  CHECK(pair.served(0).log == "POST host/path te=trailers closed(8) ");
  pair.server.connection.respond(kept, pair.kResponse, nullptr);
  pair.exchange();
  CHECK(other.log == "sent 200 x-a=1 last end closed(0) ");
}

TEST_CASE("nothing reaches the user of a stream that is forgotten") {
  ConnectionPair pair;
  pair.user.unsent = "never asked for";
  const int32_t stream = pair.open(&pair.user);
  pair.client.connection.reset(stream, ErrorCode::kCancel);
  pair.client.connection.forget(stream);
  pair.exchange();
  CHECK(pair.user.log.empty());
  CHECK(pair.user.unsent == "never asked for");
}

TEST_CASE("a server that has responded resets what is still being sent") {
  ConnectionPair pair;
  const int32_t stream = pair.open(&pair.user);
  pair.exchange();
  pair.server.connection.respond(stream, pair.kResponse, nullptr);
  pair.exchange();
  CHECK(pair.user.log == "200 x-a=1 last end closed(0) ");
  CHECK(pair.served().log == "POST host/path te=trailers closed(0) ");
}

TEST_CASE("a stream that the server does not take is refused") {
  ConnectionPair pair;
  pair.server.refuses = true;
  pair.open();
  pair.exchange();
  CHECK(pair.user.log == "sent closed(7) ");
}

TEST_CASE("GOAWAY leaves the streams there are and refuses those it has not seen") {
  ConnectionPair pair;
  StreamLog late;
  const int32_t stream = pair.open();
  pair.exchange();
  pair.server.connection.go_away(ErrorCode::kNoError);
  pair.client.connection.open(late, pair.kRequest, nullptr);
  pair.server.turn_ends.run();
  pair.client.turn_ends.run();  // its request crosses the GOAWAY
  pair.exchange();
  pair.client.connection.receive(std::exchange(pair.server.pipe.bytes, {}), pair.clock.now());
  CHECK(pair.client.log == "go_away(1, 0) ");
  CHECK(late.log == "sent closed(7) ");
  pair.server.connection.respond(stream, pair.kResponse, nullptr);
  pair.exchange();
  CHECK(pair.user.log == "sent 200 x-a=1 last end closed(0) ");
}

TEST_CASE("a GOAWAY names the streams that come before the turn in which it is said ends") {
  ConnectionPair pair;
  StreamLog second;
  const int32_t first = pair.open();
  pair.exchange();
  pair.server.connection.go_away(ErrorCode::kNoError);
  pair.client.connection.open(second, pair.kRequest, nullptr);
  pair.client.turn_ends.run();
  const std::string request = std::exchange(pair.client.pipe.bytes, {});
  pair.server.connection.receive(request, pair.clock.now());
  CHECK(pair.server.opened == std::vector<int32_t>{first, first + 2});
  pair.server.connection.respond(first + 2, pair.kResponse, nullptr);
  pair.exchange();
  CHECK(pair.client.log == "go_away(3, 0) ");
  CHECK(second.log == "sent 200 x-a=1 last end closed(0) ");
}

TEST_CASE("a GOAWAY goes out with the turn, however much is to be said before it") {
  ConnectionPair pair;
  const std::string value(10'000, 'x');
  for (int i = 0; i < 20; ++i)
    pair.open();
  pair.exchange();
  for (const int32_t stream : pair.server.opened)
    pair.server.connection.respond(stream, std::vector<Field>{{":status", "200"}, {"x", value}},
                                   nullptr);
  pair.server.connection.go_away(ErrorCode::kNoError);
  pair.server.pipe.blocked = true;
  pair.server.turn_ends.run();
  pair.client.connection.receive(pair.server.pipe.bytes, pair.clock.now());
  CHECK(pair.client.log == "go_away(39, 0) ");
}

TEST_CASE("a ping comes back") {
  ConnectionPair pair;
  pair.client.connection.ping();
  pair.server.connection.ping();
  pair.exchange();
  CHECK(pair.client.log == "pong ");
  CHECK(pair.server.log == "pong ");
}

TEST_CASE("a client knows how many streams its server allows") {
  ConnectionPair pair({.expected_streams = 5}, {.max_streams = 3});
  CHECK(pair.client.connection.peer_max_streams() == 3);
  CHECK(pair.client.settings == 1);
}

TEST_CASE("data goes as far as the stream's window, and on when it opens") {
  constexpr int32_t kWindow = 20'000;
  ConnectionPair pair({}, {.stream_window = kWindow, .manual_windows = true});
  const std::string body(50'000, 'x');
  pair.user.unsent = body;
  pair.user.last = true;
  const int32_t stream = pair.open(&pair.user);
  pair.exchange();
  CHECK(pair.served().received == kWindow);
  pair.server.connection.consume(stream, kWindow);
  pair.exchange();
  CHECK(pair.served().received == 2 * kWindow);
  pair.server.connection.consume(stream, kWindow);
  pair.exchange();
  CHECK(pair.served().received == body.size());
  CHECK(pair.served().log == "POST host/path te=trailers end ");
}

TEST_CASE("a paused stream gets what is under way, and the rest when it goes on") {
  constexpr int32_t kWindow = 20'000;
  ConnectionPair pair({}, {.stream_window = kWindow});
  const std::string body(50'000, 'x');
  const int32_t stream = pair.open(&pair.user);
  pair.exchange();
  pair.server.connection.set_window(stream, 0);
  pair.user.unsent = body;
  pair.user.last = true;
  pair.client.connection.resume(stream);
  pair.exchange();
  CHECK(pair.served().received == kWindow);
  pair.server.connection.set_window(stream, kWindow);
  pair.exchange();
  CHECK(pair.served().received == body.size());
}

TEST_CASE("what a turn queues goes out in one write") {
  ConnectionPair pair;
  std::vector<StreamLog> users(10);
  const int before = pair.client.pipe.writes;
  for (StreamLog& user : users) {
    user.unsent = "body";
    user.last = true;
    pair.client.connection.open(user, pair.kRequest, &user);
  }
  pair.exchange();
  CHECK(pair.client.pipe.writes == before + 1);
  CHECK(pair.server.opened.size() == users.size());
}

TEST_CASE("a request has been sent when the kernel has taken it, not before") {
  ConnectionPair pair;
  pair.client.pipe.blocked = true;
  pair.open();
  pair.exchange();
  CHECK(pair.user.log.empty());
  CHECK(pair.client.connection.sending());
  pair.client.connection.on_sent(pair.clock.now());
  CHECK(pair.user.log == "sent ");
}

TEST_CASE("a head beyond the limit is cut and says so") {
  ConnectionPair pair({}, {.max_head = 100});
  std::vector<Field> head = pair.kRequest;
  const std::string large(200, 'v');
  head.push_back({"x-large", large});
  pair.client.connection.open(pair.user, head, nullptr);
  pair.exchange();
  CHECK(pair.served().log == "POST host/path te=trailers truncated last end ");
}

TEST_CASE("bytes that are no HTTP/2 end the connection and are reported") {
  ConnectionPair pair;
  pair.server.connection.receive("this is no frame of HTTP/2, but it is long enough for one",
                                 pair.clock.now());
  pair.server.turn_ends.run();
  CHECK(pair.server.log == "fault ");
  CHECK(pair.server.connection.go_away_code() != ErrorCode::kNoError);
  CHECK(pair.server.connection.over());
}

TEST_CASE("a connection that is cut sends its last bytes and nothing more") {
  ConnectionPair pair;
  const int32_t stream = pair.open();
  pair.exchange();
  pair.server.connection.respond(stream, pair.kResponse, nullptr);
  pair.server.connection.cut("last");
  CHECK_FALSE(pair.server.connection.over());
  pair.server.turn_ends.run();
  CHECK(pair.server.pipe.bytes == "last");
  CHECK(pair.server.connection.over());
}

// Sends a head and a body that take many frames, a piece at each turn.
struct LargeRequest {
  explicit LargeRequest(char letter) : text(400'000, letter), value(20'000, letter) {
    pair.user.unsent = text;
    pair.user.last = true;
    std::vector<Field> head = ConnectionPair::kRequest;
    for (const std::string_view name : {"x-a", "x-b", "x-c"})
      head.push_back({name, value});
    pair.client.connection.open(pair.user, head, &pair.user);
  }

  // One turn of both ends; returns what the client has sent.
  size_t turn() {
    pair.client.turn_ends.run();
    const std::string bytes = std::exchange(pair.client.pipe.bytes, {});
    if (!bytes.empty()) pair.server.connection.receive(bytes, pair.clock.now());
    pair.server.turn_ends.run();
    pair.client.connection.receive(std::exchange(pair.server.pipe.bytes, {}), pair.clock.now());
    return bytes.size();
  }
  std::string expected() const {
    return fmt::format("POST host/path te=trailers x-a={0} x-b={0} x-c={0} end ", value);
  }

  ConnectionPair pair;
  std::string text;
  std::string value;
};

TEST_CASE("connections of a thread that send in turns leave each other's frames alone") {
  std::vector<std::unique_ptr<LargeRequest>> requests;
  for (const char letter : {'a', 'b', 'c'})
    requests.push_back(std::make_unique<LargeRequest>(letter));
  size_t moved = 1;
  while (moved > 0) {
    moved = 0;
    for (const auto& request : requests)
      moved += request->turn();
  }
  for (const auto& request : requests) {
    CHECK(request->pair.served().log == request->expected());
    CHECK(request->pair.served().received == request->text.size());
  }
}

TEST_CASE("connections that are made before any has sent begin with their own preface") {
  FakeClock clock;
  std::vector<std::unique_ptr<Side>> sides;
  for (int i = 0; i < 3; ++i)
    sides.push_back(std::make_unique<Side>(ConnectionSettings{.role = Role::kClient}, clock));
  for (const auto& side : sides) {
    side->turn_ends.run();
    CHECK(side->pipe.bytes.starts_with("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
    CHECK(side->pipe.bytes == sides.front()->pipe.bytes);
  }
}

}  // namespace
}  // namespace perigee::http2
