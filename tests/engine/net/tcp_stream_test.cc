#include "engine/net/tcp_stream.h"

#include <cerrno>
#include <memory>

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/engine/net/recorder.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

struct TcpFixture : LoopFixture {
  Recorder events;
  std::unique_ptr<TcpStream> stream;

  void connect(const RawServer& server) {
    stream = TcpStream::connect(loop, *Address::parse("127.0.0.1", server.port()), events);
  }
};

// A port of this machine at which nobody listens.
Address deserted() {
  const RawServer gone({{RawServer::hang_up()}});
  return *Address::parse("127.0.0.1", gone.port());
}

TEST_CASE_FIXTURE(TcpFixture, "what is written arrives and what comes back is read") {
  RawServer server({{RawServer::request(), RawServer::send("answer")}});
  connect(server);
  events.after_connected = [&] { CHECK(stream->write("GET / HTTP/1.1\r\n", "\r\n")); };
  events.after_closed = [&] { loop.stop(); };
  run();
  CHECK(events.log == "connected closed:0 ");
  CHECK(events.bytes == "answer");
  CHECK(server.requests() == std::vector<std::string>{"GET / HTTP/1.1\r\n\r\n"});
  CHECK(stream->bytes_sent() == 18);
  CHECK(stream->bytes_received() == 6);
  CHECK(stream->peer().port() == server.port());
}

TEST_CASE_FIXTURE(TcpFixture,
                  "a write larger than the kernel takes at once is told when it is through") {
  const std::string body(8 * 1024 * 1024, 'x');
  const std::string head = "POST / HTTP/1.1\r\nContent-Length: 8388608\r\n\r\n";
  RawServer server({{RawServer::request(), RawServer::hang()}});
  connect(server);
  bool whole_at_once = true;
  events.after_connected = [&] { whole_at_once = stream->write(head, body); };
  events.after_sent = [&] { loop.stop(); };
  run();
  CHECK_FALSE(whole_at_once);
  CHECK(events.log == "connected sent ");
  CHECK(stream->bytes_sent() == head.size() + body.size());
  REQUIRE(server.wait_for_requests(1));
  CHECK(server.requests()[0] == head + body);
}

TEST_CASE_FIXTURE(TcpFixture, "a refused connection is told on a later turn") {
  stream = TcpStream::connect(loop, deserted(), events);
  CHECK(events.log.empty());
  events.after_closed = [&] { loop.stop(); };
  run();
  CHECK(events.log == "closed:" + std::to_string(ECONNREFUSED) + " ");
}

TEST_CASE_FIXTURE(TcpFixture,
                  "running out of descriptors is told on a later turn, with its errno") {
  const int next = dup(0);
  close(next);
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &none);
  stream = TcpStream::connect(loop, *Address::parse("127.0.0.1", 9), events);
  setrlimit(RLIMIT_NOFILE, &before);
  CHECK(events.log.empty());
  events.after_closed = [&] { loop.stop(); };
  run();
  CHECK(events.log == "closed:" + std::to_string(EMFILE) + " ");
}

TEST_CASE_FIXTURE(TcpFixture, "a reset is told with its errno") {
  RawServer server({{RawServer::gate(), RawServer::reset()}});
  connect(server);
  events.after_connected = [&] { server.open_gate(); };
  events.after_closed = [&] { loop.stop(); };
  run();
  CHECK(events.log == "connected closed:" + std::to_string(ECONNRESET) + " ");
}

TEST_CASE_FIXTURE(TcpFixture,
                  "what is written after the end was told goes nowhere and holds nothing") {
  RawServer server({{RawServer::gate(), RawServer::reset()}});
  connect(server);
  events.after_connected = [&] { server.open_gate(); };
  events.after_closed = [&] {
    CHECK_FALSE(stream->write("late", ""));
    loop.stop();
  };
  run();
  CHECK(events.log == "connected closed:" + std::to_string(ECONNRESET) + " ");
}

TEST_CASE_FIXTURE(TcpFixture, "writing to a connection that was reset fails on a later turn") {
  RawServer server({{RawServer::gate(), RawServer::reset()}});
  connect(server);
  events.after_connected = [&] {
    server.open_gate();
    REQUIRE(server.wait_for_closes(1));
    CHECK_FALSE(stream->write("late", ""));
    CHECK(events.log == "connected ");
  };
  events.after_closed = [&] { loop.stop(); };
  run();
  CHECK(events.log.starts_with("connected closed:"));
}

TEST_CASE_FIXTURE(TcpFixture, "a stream may be destroyed in any of its events") {
  RawServer server({{RawServer::send("x"), RawServer::gate(), RawServer::hang()}});
  const auto destroy = [&] {
    stream.reset();
    loop.stop();
  };
  SUBCASE("connected") {
    events.after_connected = destroy;
  }
  SUBCASE("read") {
    events.after_read = destroy;
  }
  SUBCASE("sent") {
    // More than both sides' buffers hold, to a server that reads only afterwards: one that reads at
    // once may let the kernel take everything in one go.
    static const std::string kLarge(64 * 1024 * 1024, 'x');
    events.after_connected = [&] {
      CHECK_FALSE(stream->write(kLarge, ""));
      server.open_gate();
    };
    events.after_sent = destroy;
  }
  connect(server);
  run();
  CHECK(stream == nullptr);
}

TEST_CASE_FIXTURE(TcpFixture, "a stream may be destroyed when it hears of its end") {
  events.after_closed = [&] {
    stream.reset();
    loop.stop();
  };
  SUBCASE("refused") {
    stream = TcpStream::connect(loop, deserted(), events);
    run();
  }
  SUBCASE("closed by the peer") {
    RawServer server({{RawServer::hang_up()}});
    connect(server);
    run();
  }
  CHECK(stream == nullptr);
}

TEST_CASE_FIXTURE(TcpFixture, "no event comes from a stream that was destroyed while connecting") {
  RawServer server({{RawServer::hang()}});
  connect(server);
  stream.reset();
  turn();
  CHECK(events.log.empty());
}

TEST_CASE_FIXTURE(TcpFixture,
                  "no event comes from a stream that was destroyed with a write in flight") {
  auto body = std::make_unique<std::string>(8 * 1024 * 1024, 'x');
  RawServer server({{RawServer::gate(), RawServer::hang()}});
  connect(server);
  events.after_connected = [&] {
    CHECK_FALSE(stream->write(*body, ""));
    stream.reset();
    body.reset();
    loop.stop();
  };
  run();
  turn();
  CHECK(events.log == "connected ");
}

TEST_CASE_FIXTURE(TcpFixture, "after handing a stream over, only the new receiver hears of it") {
  Recorder heir;
  RawServer server({{RawServer::gate(), RawServer::send("x")}});
  connect(server);
  events.after_connected = [&] {
    stream->hand_over(heir);
    server.open_gate();
  };
  heir.after_closed = [&] { loop.stop(); };
  run();
  CHECK(events.log == "connected ");
  CHECK(events.bytes.empty());
  CHECK(heir.bytes == "x");
}

TEST_CASE_FIXTURE(TcpFixture, "nothing is read while reading is paused") {
  RawServer server({{RawServer::send("x"), RawServer::hang()}});
  connect(server);
  events.after_connected = [&] {
    stream->pause_reading();
    REQUIRE(server.wait_for_connections(1));
    loop.stop();
  };
  run();
  turn();
  CHECK(events.bytes.empty());
  events.after_read = [&] { loop.stop(); };
  stream->resume_reading();
  run();
  CHECK(events.bytes == "x");
}

// A server that has sent something and reset the connection before the client writes.
struct ResetBehindBytes : TcpFixture {
  RawServer server{{{RawServer::gate(), RawServer::send("answer"), RawServer::reset()}}};

  void write_too_late() {
    connect(server);
    events.after_connected = [&] {
      server.open_gate();
      REQUIRE(server.wait_for_closes(1));
      CHECK_FALSE(stream->write("late", ""));
    };
  }
};

TEST_CASE_FIXTURE(ResetBehindBytes, "what the peer sent before a write failed is read first") {
  write_too_late();
  events.after_closed = [&] { loop.stop(); };
  run();
  CHECK(events.bytes == "answer");
  CHECK(events.log.starts_with("connected closed:"));
  CHECK(events.log != "connected closed:0 ");
}

TEST_CASE_FIXTURE(ResetBehindBytes, "whoever pauses when it hears of the end hears of it once") {
  write_too_late();
  SUBCASE("read to its end") {}
  SUBCASE("while reading is paused") {
    events.after_read = [&] { stream->pause_reading(); };
  }
  events.after_closed = [&] {
    stream->pause_reading();
    loop.stop();
  };
  run();
  turn();
  CHECK(events.log.find("closed:") == events.log.rfind("closed:"));
}

TEST_CASE_FIXTURE(ResetBehindBytes, "a write that fails is told also while reading is paused") {
  write_too_late();
  const auto connected = events.after_connected;
  SUBCASE("before it fails") {
    events.after_connected = [&] {
      stream->pause_reading();
      connected();
    };
  }
  SUBCASE("when it has failed") {
    events.after_read = [&] { stream->pause_reading(); };
  }
  events.after_closed = [&] { loop.stop(); };
  run();
  CHECK(events.log.starts_with("connected closed:"));
  CHECK(events.log != "connected closed:0 ");
}

}  // namespace
}  // namespace perigee
