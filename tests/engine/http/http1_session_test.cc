#include "engine/http/http1_session.h"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/http/client_settings.h"
#include "engine/http/head_cache.h"
#include "engine/http/prepared_request.h"
#include "engine/http/session_stream.h"
#include "engine/net/host_table.h"
#include "tests/support/fake_clock.h"

namespace perigee::http {
namespace {

// A peer that takes what the test lets it take.
class FakeStream final : public Stream {
 public:
  bool write(std::string_view head, std::string_view body) override {
    written.append(head).append(body);
    bytes_sent_ += head.size() + body.size();
    return takes_all;
  }
  void hand_over(StreamEvents&) override {}
  void pause_reading() override { paused = true; }
  void resume_reading() override { paused = false; }
  void reset_on_close() override {}
  bool peer_closed() const override { return false; }
  bool untaken_since(uint64_t) const override { return untaken; }
  const Address& peer() const override { return address_; }

  std::string written;
  bool takes_all = true;
  bool untaken = false;
  bool paused = false;

 private:
  Address address_;
};

// Writes down what the session reports.
class RecordedStream final : public SessionStream {
 public:
  explicit RecordedStream(std::string_view method = "GET") {
    std::string error;
    const Request request{
        .url = std::make_shared<const Url>(*parse_url("http://127.0.0.1/a", error)),
        .method = method,
        .headers = {},
        .body = {}};
    HeadCache heads;
    REQUIRE_FALSE(prepared_.prepare(request, settings_, HostTable(), heads));
  }

  const PreparedRequest& request() const override { return prepared_; }
  void send_more_later() override { events.emplace_back("more later"); }
  void on_sent(Instant) override { events.emplace_back("sent"); }
  void on_response(Instant) override { events.emplace_back("response"); }
  void on_head(const ResponseHead& head) override {
    events.push_back("head " + std::to_string(head.status));
  }
  void on_body(std::string_view bytes, Instant) override {
    events.push_back("body " + std::string(bytes));
  }
  void finish(Error error, Instant) override { events.push_back("end " + error.text); }
  void on_lost(Error, Instant, LostRequest lost) override {
    facts = lost;
    events.emplace_back("lost");
  }
  void on_not_processed(const Error&, Instant, bool) override {
    events.emplace_back("not processed");
  }

  std::vector<std::string> events;
  LostRequest facts;

 private:
  const ClientSettings settings_{.user_agent = "t"};
  PreparedRequest prepared_;
};

using Events = std::vector<std::string>;

struct SessionFixture {
  void read(std::string_view bytes) { session.on_read(bytes, clock.now()); }

  FakeClock clock;
  FakeStream wire;
  Http1Session session{wire, clock};
};

TEST_CASE_FIXTURE(SessionFixture, "a session carries one stream from its head to its end") {
  RecordedStream stream;
  session.submit(stream);
  CHECK(wire.written == "GET /a HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: t\r\n\r\n");
  CHECK(session.in_flight() == 1);
  CHECK(session.capacity() == 0);
  read("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
  read("cd");
  CHECK(stream.events == Events{"sent", "response", "head 200", "body ab", "body cd", "end "});
  CHECK(session.in_flight() == 0);
  CHECK(session.capacity() == 1);
}

TEST_CASE_FIXTURE(SessionFixture, "a stream hears that it is sent when the kernel has all of it") {
  RecordedStream stream;
  wire.takes_all = false;
  session.submit(stream);
  CHECK(stream.events.empty());
  session.on_sent(clock.now());
  CHECK(stream.events == Events{"sent"});
}

TEST_CASE_FIXTURE(SessionFixture, "a stream is lost with the facts that its session knows") {
  RecordedStream first;
  session.submit(first);
  SUBCASE("before any response") {
    session.on_closed(0, clock.now());
    CHECK(first.events == Events{"sent", "lost"});
    CHECK_FALSE(first.facts.kept);
    CHECK_FALSE(first.facts.responded);
    CHECK_FALSE(first.facts.untaken);
  }
  SUBCASE("within its response") {
    read("HTTP/1.1 200 OK\r\n");
    session.on_closed(0, clock.now());
    CHECK(first.events == Events{"sent", "response", "lost"});
    CHECK(first.facts.responded);
  }
  SUBCASE("on a kept connection") {
    read("HTTP/1.1 204 No Content\r\n\r\n");
    RecordedStream second;
    session.submit(second);
    wire.untaken = true;
    session.on_closed(0, clock.now());
    CHECK(second.events == Events{"sent", "lost"});
    CHECK(second.facts.kept);
    CHECK(second.facts.untaken);
  }
  CHECK(session.exhausted());
}

TEST_CASE_FIXTURE(SessionFixture, "an abandoned stream hears nothing, and ends its session") {
  RecordedStream stream;
  session.submit(stream);
  CHECK_FALSE(session.abandon(stream));
  read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  CHECK(stream.events == Events{"sent"});
  CHECK(session.exhausted());
}

TEST_CASE_FIXTURE(SessionFixture, "a pause ends with its stream") {
  RecordedStream stream;
  session.submit(stream);
  session.pause(stream);
  CHECK(wire.paused);
  read("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  CHECK_FALSE(wire.paused);
}

}  // namespace
}  // namespace perigee::http
