#include <cerrno>

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/base/limits.h"
#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Listens and never accepts, with its queue full: connecting to it neither succeeds nor fails.
class FullServer {
 public:
  FullServer() : listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    const Address any = *Address::parse("127.0.0.1", 0);
    REQUIRE(bind(listener_, any.raw(), sizeof(sockaddr_in)) == 0);
    REQUIRE(listen(listener_, 0) == 0);
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&bound), &size);
    address_ = Address::from(reinterpret_cast<sockaddr*>(&bound));
    for (int& filler : fillers_) {
      filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      const int status = connect(filler, address_.raw(), sizeof(sockaddr_in));
      REQUIRE((status == 0 || errno == EINPROGRESS));
    }
  }
  ~FullServer() {
    for (const int filler : fillers_)
      close(filler);
    close(listener_);
  }
  FullServer(const FullServer&) = delete;
  FullServer& operator=(const FullServer&) = delete;

  std::string url() const { return "http://" + address_.text() + "/"; }

 private:
  int listener_;
  Address address_;
  std::array<int, 4> fillers_{};
};

TEST_CASE_FIXTURE(HttpFixture, "a server that never answers times out") {
  RawServer server({{RawServer::request(), RawServer::hang()}});
  Request slow = request(server.url());
  slow.timeout = milliseconds(20);
  const Response response = send(slow);
  CHECK(response.status == 0);
  CHECK(response.outcome.error.code == ErrorCode::kRequestTimeout);
  CHECK(response.outcome.error.text == "request timeout");
  CHECK(response.outcome.ended - response.outcome.started >= milliseconds(20));
  CHECK(response.outcome.timings.receiving == Duration::zero());
  CHECK(server.wait_for_closes(1));
}

TEST_CASE_FIXTURE(HttpFixture, "a server that stops in the middle of its answer times out") {
  RawServer server(
      {{RawServer::request(), RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello"),
        RawServer::hang()}});
  Request slow = request(server.url());
  slow.timeout = milliseconds(50);
  const Response response = send(slow);
  CHECK(response.status == 0);
  CHECK(response.outcome.error.code == ErrorCode::kRequestTimeout);
}

TEST_CASE_FIXTURE(HttpFixture, "the time-out of a request holds while it connects, too") {
  const FullServer server;
  Request slow = request(server.url());
  slow.timeout = milliseconds(20);
  const Response response = send(slow);
  CHECK(response.outcome.error.code == ErrorCode::kRequestTimeout);
  CHECK(response.outcome.remote.empty());
  CHECK(response.outcome.timings.blocked == Duration::zero());
}

TEST_CASE_FIXTURE(HttpFixture, "connecting has a time-out of its own") {
  const FullServer server;
  Request patient = request(server.url());
  patient.timeout = std::chrono::hours(1);
  Answer answer;
  start(patient, answer);
  turn();
  loop.timers().run_due(loop.now() + limits::kConnectTimeout - seconds(1));
  CHECK(answer.ends == 0);
  loop.timers().run_due(loop.now() + limits::kConnectTimeout + seconds(1));
  REQUIRE(answer.ends == 1);
  CHECK(answer.response.outcome.error.code == ErrorCode::kDialTimeout);
  CHECK(answer.response.outcome.error.text == "dial: i/o timeout");
}

TEST_CASE_FIXTURE(HttpFixture, "a time-out does not fire once the answer is there") {
  RawServer server({{RawServer::request(), RawServer::send(ok("x")), RawServer::request(),
                     RawServer::send(ok("y")), RawServer::hang()}});
  CHECK(get(server.url()).body == "x");
  loop.timers().run_due(loop.now() + seconds(120));
  turn();
  CHECK(get(server.url()).body == "y");
  CHECK(server.connections() == 1);
}

TEST_CASE_FIXTURE(HttpFixture, "at its time-out a sink may start the next exchange") {
  RawServer server({{RawServer::request(), RawServer::hang()},
                    {RawServer::request(), RawServer::send(ok("x")), RawServer::hang()}});
  Request slow = request(server.url());
  slow.timeout = milliseconds(20);
  Answer first, next;
  first.after_end = [&] { start(request(server.url()), next); };
  next.after_end = [&] { loop.stop(); };
  start(slow, first);
  run();
  CHECK(first.response.outcome.error.code == ErrorCode::kRequestTimeout);
  CHECK(next.response.body == "x");
}

}  // namespace
}  // namespace perigee::http
