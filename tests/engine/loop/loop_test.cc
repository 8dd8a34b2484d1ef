#include "engine/loop/loop.h"

#include <memory>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/loop_fixture.h"

namespace perigee {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TEST_CASE_FIXTURE(LoopFixture, "timers fire in the order they are due, none before its time") {
  std::vector<int> fired;
  const Instant start = loop.now();
  Timer second(loop.timers(), [&] {
    fired.push_back(2);
    CHECK(loop.now() >= start + milliseconds(2));
    loop.stop();
  });
  Timer first(loop.timers(), [&] {
    fired.push_back(1);
    CHECK(loop.now() >= start + microseconds(300));
  });
  second.start(start + milliseconds(2));
  first.start(start + microseconds(300));
  run();
  CHECK(fired == std::vector<int>{1, 2});
}

TEST_CASE_FIXTURE(LoopFixture, "a timer that is due in the past fires on the next turn") {
  bool fired = false;
  Timer timer(loop.timers(), [&] {
    fired = true;
    loop.stop();
  });
  timer.start(loop.now() - milliseconds(5));
  CHECK_FALSE(fired);
  run();
  CHECK(fired);
}

TEST_CASE_FIXTURE(LoopFixture,
                  "a timer that re-arms itself a hundred times does not starve the mailbox") {
  int fired = 0;
  bool delivered = false;
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(loop.timers(), [&] {
    if (fired++ == 0) loop.post([&] { delivered = true; });
    if (fired == 100) {
      CHECK(delivered);
      loop.stop();
    } else {
      timer->start(loop.now());
    }
  });
  timer->start(loop.now());
  run();
  CHECK(fired == 100);
}

TEST_CASE_FIXTURE(LoopFixture, "a timer stopped by another one's callback stays silent") {
  bool fired = false;
  Timer silent(loop.timers(), [&] { fired = true; });
  Timer stopping(loop.timers(), [&] { silent.stop(); });
  Timer last(loop.timers(), [&] { loop.stop(); });
  const Instant now = loop.now();
  stopping.start(now + microseconds(500));
  silent.start(now + microseconds(501));
  last.start(now + milliseconds(2));
  run();
  CHECK_FALSE(fired);
}

TEST_CASE_FIXTURE(LoopFixture, "what is posted before the loop runs is run by it, in order") {
  std::vector<int> ran;
  loop.post([&] { ran.push_back(1); });
  loop.post([&] { ran.push_back(2); });
  loop.post([&] { loop.stop(); });
  CHECK(ran.empty());
  run();
  CHECK(ran == std::vector<int>{1, 2});
}

TEST_CASE_FIXTURE(LoopFixture, "a posted task may post another one") {
  bool ran = false;
  loop.post([&] {
    loop.post([&] {
      ran = true;
      loop.stop();
    });
  });
  run();
  CHECK(ran);
}

TEST_CASE_FIXTURE(LoopFixture, "each of four threads' posts arrive, all of them and in its order") {
  constexpr int kPosts = 2000;
  std::vector<std::vector<int>> arrived(4);
  int left = 4 * kPosts;
  std::vector<std::thread> threads;
  for (size_t thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kPosts; ++i) {
        loop.post([&, thread, i] {
          arrived[thread].push_back(i);
          if (--left == 0) loop.stop();
        });
      }
    });
  }
  run();
  for (std::thread& thread : threads)
    thread.join();
  for (const auto& numbers : arrived) {
    REQUIRE(numbers.size() == kPosts);
    for (int i = 0; i < kPosts; ++i)
      CHECK(numbers[static_cast<size_t>(i)] == i);
  }
}

TEST_CASE_FIXTURE(LoopFixture,
                  "a loop can be stopped from another thread through its mailbox, and run again") {
  for (int round = 0; round < 3; ++round) {
    std::thread other([this] { loop.post([this] { loop.stop(); }); });
    run();
    other.join();
  }
}

TEST_CASE("what is posted and never run is destroyed with the loop") {
  auto owned = std::make_shared<int>(1);
  {
    Loop loop;
    loop.post([owned] {});
    CHECK(owned.use_count() == 2);
  }
  CHECK(owned.use_count() == 1);
}

TEST_CASE_FIXTURE(LoopFixture, "a loop knows how late its timers were, and forgets it when told") {
  const Instant due = loop.now() - milliseconds(30);
  Timer timer(loop.timers(), [&] { loop.stop(); });
  timer.start(due);
  run();
  const Duration lag = loop.take_lag();
  CHECK(lag >= milliseconds(30));
  CHECK(lag <= loop.now() - due);
  CHECK(loop.take_lag() == Duration{});
}

}  // namespace
}  // namespace perigee
