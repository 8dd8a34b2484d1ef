#include "engine/export/push_queue.h"

#include <doctest/doctest.h>

#include "engine/export/limits.h"
#include "tests/support/loop_fixture.h"

namespace perigee::exports {
namespace {

using Kind = PushResult::Kind;

// Answers with what the test has written down, one result after the other, the last for ever.
struct Scripted : PushTransport {
  Scripted(Loop& its_loop, std::vector<std::string>& its_sent, std::vector<PushResult> its_results)
      : loop(its_loop), sent(its_sent), results(std::move(its_results)) {}

  void send(const Push& push, std::function<void(PushResult)> done) override {
    sent.push_back(push.body);
    const size_t at = std::min(sent.size(), results.size()) - 1;
    loop.post([done, result = results[at]] { done(result); });
  }
  void cancel() override {}

  Loop& loop;
  std::vector<std::string>& sent;
  std::vector<PushResult> results;
};

struct Fixture : LoopFixture {
  void make(std::vector<PushResult> results) {
    queue.emplace(loop, std::make_unique<Scripted>(loop, sent, std::move(results)),
                  PushQueue::Settings{.name = "there", .first_wait = std::chrono::milliseconds(1)},
                  log);
  }
  void add(const std::string& body) { queue->add({.body = body, .samples = 10}); }
  void finish() {
    queue->finish([this] { loop.stop(); });
    run();
  }
  // Runs until so many pushes have gone out.
  void run_until_sent(size_t count) {
    while (sent.size() < count)
      loop.run_once();
  }

  std::string logged;
  Log log{LogLevel::kInfo, [this](std::string_view line) { logged += line; }};
  std::vector<std::string> sent;
  std::optional<PushQueue> queue;
};

const PushResult kBusy{.kind = Kind::kBusy, .reason = "503 Service Unavailable"};
const PushResult kRefused{.kind = Kind::kRefused, .reason = "400 Bad Request: out of order"};
const PushResult kUnreachable{.kind = Kind::kUnreachable, .reason = "connection refused"};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "pushes go out one after the other, and nothing is lost") {
  make({{}});
  add("a");
  add("b");
  add("c");
  finish();
  CHECK(sent == std::vector<std::string>{"a", "b", "c"});
  CHECK(queue->losses().empty());
  CHECK(logged.empty());
}

TEST_CASE_FIXTURE(Fixture, "a push is sent again to a receiver that is busy or out of reach") {
  make({kBusy, kUnreachable, {}});
  add("a");
  add("b");
  run_until_sent(4);
  finish();
  CHECK(sent == std::vector<std::string>{"a", "a", "a", "b"});
  CHECK(queue->losses().empty());
  CHECK(logged.find("there: 503 Service Unavailable; it is tried again in 1ms") !=
        std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "what is refused is not sent again, and counted") {
  make({kRefused, {}});
  add("a");
  add("b");
  finish();
  CHECK(sent == std::vector<std::string>{"a", "b"});
  CHECK(queue->losses() ==
        std::vector<std::string>{"there: 10 samples are missing there (400 Bad Request: out of "
                                 "order). The figures of this summary are complete."});
}

TEST_CASE_FIXTURE(Fixture, "a receiver that stays busy is given up after some tries") {
  std::vector<PushResult> results(limits::kTries, kBusy);
  results.emplace_back();
  make(results);
  add("a");
  add("b");
  run_until_sent(limits::kTries + 1);
  finish();
  CHECK(sent.back() == "b");
  CHECK(queue->samples_lost() == 10);
}

TEST_CASE_FIXTURE(Fixture, "what a receiver takes in part is counted") {
  make({{.reason = "too old", .samples_refused = 3}});
  add("a");
  finish();
  CHECK(queue->samples_lost() == 3);
}

TEST_CASE_FIXTURE(Fixture,
                  "in the end a receiver that can't be reached is tried once, whatever waits") {
  make({kUnreachable});
  for (int i = 0; i < 5; ++i)
    add("x");
  finish();
  CHECK(sent.size() <= 2);
  CHECK(queue->samples_lost() == 50);
  CHECK(queue->losses().size() == 1);
}

TEST_CASE_FIXTURE(Fixture, "in the end a receiver that is busy gets a second try") {
  make({kBusy, {}});
  add("a");
  finish();
  CHECK(sent == std::vector<std::string>{"a", "a"});
  CHECK(queue->losses().empty());
}

TEST_CASE_FIXTURE(Fixture, "a receiver that asks for quiet in the end is not waited for longer") {
  make({{.kind = Kind::kBusy, .reason = "429", .wait = std::chrono::hours(1)}, {}});
  add("a");
  finish();
  CHECK(sent.size() == 2);
}

TEST_CASE_FIXTURE(Fixture, "the oldest that wait are lost when the queue is full") {
  make({kBusy, {}});
  for (size_t i = 0; i < limits::kQueuedPushes + 5; ++i)
    add(std::to_string(i));
  run_until_sent(3);
  CHECK(sent[1] == "0");
  CHECK(sent[2] == "6");
  CHECK(queue->samples_lost() == 50);
  CHECK(logged.find("there: 10 samples are lost: the queue was full") != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "an empty queue is done at once") {
  make({{}});
  bool done = false;
  queue->finish([&] { done = true; });
  CHECK(done);
}

}  // namespace perigee::exports
