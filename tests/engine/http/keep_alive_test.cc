#include "engine/http/keep_alive.h"

#include <doctest/doctest.h>

#include "tests/engine/http/url_fixture.h"

namespace perigee::http {
namespace {

using Framing = KeepAlive::Framing;
using Habit = KeepAlive::Habit;

void keep(KeepAlive& server, int times) {
  for (int i = 0; i < times; ++i)
    server.note_kept(Framing::kChunked);
}

TEST_CASE("a server of which nothing has been seen is unknown") {
  const KeepAlive server;
  CHECK(server.habit(Framing::kSized) == Habit::kUnknown);
  CHECK(server.habit(Framing::kChunked) == Habit::kUnknown);
}

TEST_CASE("a server that serves two requests over one connection keeps it") {
  KeepAlive server;
  server.note_kept(Framing::kSized);
  CHECK(server.habit(Framing::kSized) == Habit::kKeeps);
  CHECK(server.habit(Framing::kChunked) == Habit::kUnknown);
}

TEST_CASE(
    "a server that closes right behind a response of one framing closes behind that one only") {
  KeepAlive server;
  server.note_kept(Framing::kSized);
  server.note_closed(Framing::kChunked, std::chrono::microseconds(100));
  CHECK(server.habit(Framing::kChunked) == Habit::kCloses);
  CHECK(server.habit(Framing::kSized) == Habit::kKeeps);
}

TEST_CASE("an idle connection that ends later says nothing about its server") {
  KeepAlive server;
  server.note_closed(Framing::kSized, KeepAlive::kRightBehind + std::chrono::nanoseconds(1));
  CHECK(server.habit(Framing::kSized) == Habit::kUnknown);
}

TEST_CASE("a server that has closed is trusted again after ten connections that it has kept") {
  KeepAlive server;
  server.note_closed(Framing::kChunked, {});
  keep(server, 9);
  CHECK(server.habit(Framing::kChunked) == Habit::kCloses);
  keep(server, 1);
  CHECK(server.habit(Framing::kChunked) == Habit::kKeeps);
  SUBCASE("the next time it takes ten times as many") {
    server.note_closed(Framing::kChunked, {});
    keep(server, 99);
    CHECK(server.habit(Framing::kChunked) == Habit::kCloses);
    keep(server, 1);
    CHECK(server.habit(Framing::kChunked) == Habit::kKeeps);
  }
}

TEST_CASE("connections to a server rest twice as long as it has taken to close one") {
  using std::chrono::milliseconds;
  KeepAlive server;
  CHECK(server.settling(Framing::kSized) == KeepAlive::kSettling);
  server.note_closed(Framing::kSized, milliseconds(1));
  CHECK(server.settling(Framing::kSized) == KeepAlive::kSettling);
  server.note_closed(Framing::kSized, milliseconds(60));
  server.note_closed(Framing::kSized, milliseconds(50));
  CHECK(server.settling(Framing::kSized) == milliseconds(120));
  CHECK(server.settling(Framing::kChunked) == KeepAlive::kSettling);
}

TEST_CASE("the connections that a server closes at one time count once") {
  KeepAlive server;
  for (int i = 0; i < 50; ++i)
    server.note_closed(Framing::kChunked, {});
  keep(server, 10);
  CHECK(server.habit(Framing::kChunked) == Habit::kKeeps);
}

TEST_CASE("servers are told apart by host, port and TLS") {
  KeepAlives servers;
  const auto first = servers.of(url_of("http://a:80/"));
  CHECK(servers.of(url_of("http://a:80/other")) == first);
  CHECK(servers.of(url_of("http://a:81/")) != first);
  CHECK(servers.of(url_of("http://b:80/")) != first);
  CHECK(servers.of(url_of("https://a:80/")) != first);
}

TEST_CASE("a client remembers a bounded number of servers") {
  KeepAlives servers;
  const std::weak_ptr<KeepAlive> first = servers.of(url_of("http://host0/"));
  for (size_t i = 1; i < KeepAlives::kMaxServers; ++i)
    servers.of(url_of("http://host" + std::to_string(i) + "/"));
  CHECK_FALSE(first.expired());
  servers.of(url_of("http://one.more/"));
  CHECK(first.expired());
}

}  // namespace
}  // namespace perigee::http
