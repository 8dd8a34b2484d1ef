#include <doctest/doctest.h>

#include "engine/base/rate_limit.h"
#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

using std::chrono::milliseconds;

struct RateFixture : HttpFixture {
  RateLimit rate{100};
  Client limited{loop, network, deadlines, {.user_agent = "t", .rate = &rate}};
  RawServer server{{answers(4)}};

  void limited_turn_in(Duration wait) { rate.reserve(loop.now() + wait - milliseconds(10)); }
  void start_limited(Answer& answer) { start_limited(request(server.url()), answer); }
  void start_limited(const Request& get, Answer& answer) { answer.start(limited, pool, get); }
};

TEST_CASE_FIXTURE(RateFixture, "requests wait for their turn, and the wait is none of their time") {
  std::vector<Answer> answers(4);
  size_t left = answers.size();
  const Instant began = loop.now();
  for (Answer& answer : answers) {
    answer.after_end = [&] {
      if (--left == 0) loop.stop();
    };
    start_limited(answer);
  }
  run();
  for (size_t i = 0; i < answers.size(); ++i) {
    const Outcome& outcome = answers[i].response.outcome;
    CHECK(answers[i].response.body == "x");
    CHECK(outcome.started >= began + static_cast<int>(i) * milliseconds(10));
    CHECK(outcome.ended - outcome.started == outcome.timings.blocked + outcome.timings.duration());
  }
}

TEST_CASE_FIXTURE(RateFixture, "a request's time-out begins with its turn") {
  RawServer silent({{RawServer::request(), RawServer::hang()}});
  limited_turn_in(milliseconds(40));
  Request get = request(silent.url());
  get.timeout = milliseconds(5);
  Answer answer;
  answer.after_end = [&] { loop.stop(); };
  start_limited(get, answer);
  run();
  CHECK(answer.response.outcome.error.text == "request timeout");
  // Had it begun before, no connection would have been made.
  CHECK(silent.wait_for_connections(1));
}

TEST_CASE_FIXTURE(RateFixture, "a request that waits for its turn can be cancelled") {
  limited_turn_in(std::chrono::hours(1));
  Answer answer;
  start_limited(answer);
  turn();
  CHECK_FALSE(answer.exchange.cancel());
  turn();
  CHECK(server.connections() == 0);
  CHECK(answer.ends == 0);
}

TEST_CASE_FIXTURE(RateFixture, "an exchange that has waited is used again") {
  for (int i = 0; i < 3; ++i) {
    Answer answer;
    answer.after_end = [&] { loop.stop(); };
    start_limited(answer);
    run();
    CHECK(answer.response.body == "x");
  }
}

}  // namespace
}  // namespace perigee::http
