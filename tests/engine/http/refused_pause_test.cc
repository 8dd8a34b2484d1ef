// When requests that reach no server wait, and how long.
#include "engine/http/refused_pause.h"

#include <string>
#include <utility>

#include "engine/base/limits.h"
#include "tests/engine/http/http_fixture.h"

namespace perigee::http {
namespace {

using std::chrono::milliseconds;

const Instant kBegin = Instant{} + std::chrono::hours(1);

// Refuses so many requests of a user who sends the next at once, and returns the last one's pause.
Duration after(RefusedPause& pause, int requests) {
  Duration waited{};
  for (int i = 0; i < requests; ++i)
    waited = pause.on_refused(kBegin, kBegin);
  return waited;
}

// What a sink of a request that may wait has heard.
struct PausedAnswer : Answer {
  bool may_pause(Duration pause) override {
    asked = pause;
    if (after_ask) after_ask();
    return allows;
  }
  bool allows = true;
  Duration asked{};
  std::function<void()> after_ask;
};

struct RefusedFixture : HttpFixture {
  // One request to where nobody listens.
  const Outcome& refuse() {
    sink.asked = {};
    sink.after_end = [this] { loop.stop(); };
    start(request("http://127.0.0.1:1/"), sink);
    run();
    return sink.response.outcome;
  }

  PausedAnswer sink;
};

}  // namespace

TEST_CASE("the first hundred refused requests in a row do not wait") {
  RefusedPause pause;
  for (int i = 0; i < 100; ++i)
    CHECK(pause.on_refused(kBegin, kBegin) == Duration::zero());
  CHECK(pause.on_refused(kBegin, kBegin) == milliseconds(10));
}

TEST_CASE("the pause doubles with every further hundred, up to a second") {
  RefusedPause pause;
  const std::pair<int, int> kSteps[] = {{200, 10},   {1, 20},     {99, 20},   {1, 40},
                                        {100, 80},   {100, 160},  {100, 320}, {100, 640},
                                        {100, 1000}, {9999, 1000}};
  for (const auto& step : kSteps) {
    CAPTURE(step.second);
    CHECK(after(pause, step.first) == milliseconds(step.second));
  }
}

TEST_CASE("a connection begins the count anew") {
  RefusedPause pause;
  CHECK(after(pause, 500) > Duration::zero());
  pause.on_reached();
  CHECK(after(pause, 100) == Duration::zero());
}

TEST_CASE("who was not refused before, or waits by itself, does not wait") {
  RefusedPause pause;
  CHECK(after(pause, 150) == milliseconds(10));
  CHECK(pause.on_refused(Instant{}, kBegin) == Duration::zero());
  CHECK(pause.on_refused(kBegin, kBegin + milliseconds(9)) == milliseconds(10));
  CHECK(pause.on_refused(kBegin, kBegin + milliseconds(10)) == Duration::zero());
}

TEST_CASE_FIXTURE(RefusedFixture, "the end of a refused request waits after the first hundred") {
  for (int i = 0; i < 100; ++i) {
    CHECK(refuse().error.code == ErrorCode::kDialRefused);
    CHECK(sink.asked == Duration::zero());
  }
  const Outcome& outcome = refuse();
  CHECK(sink.asked == milliseconds(10));
  CHECK(outcome.error.code == ErrorCode::kDialRefused);
  CHECK(outcome.ended - outcome.started >= milliseconds(10));
  CHECK(sink.ends == 101);
}

TEST_CASE_FIXTURE(RefusedFixture, "a sink whose request must not wait hears of its end at once") {
  sink.allows = false;
  for (int i = 0; i < 102; ++i)
    refuse();
  CHECK(sink.asked == milliseconds(10));
  CHECK(sink.ends == 102);
}

TEST_CASE_FIXTURE(RefusedFixture, "a request that waits after its refusal can be cancelled") {
  for (int i = 0; i < 100; ++i)
    refuse();
  sink.after_ask = [this] { loop.stop(); };
  start(request("http://127.0.0.1:1/"), sink);
  run();
  CHECK(sink.asked == milliseconds(10));
  CHECK_FALSE(cancel(sink));
  CHECK(sink.ends == 100);
}

TEST_CASE_FIXTURE(RefusedFixture, "a response of the same pool begins the count anew") {
  for (int i = 0; i < 100; ++i)
    refuse();
  RawServer server({answers({ok("fine")})});
  CHECK(send(request(server.url())).status == 200);
  refuse();
  CHECK(sink.asked == Duration::zero());
}

}  // namespace perigee::http
