#include "engine/loop/timer_queue.h"

#include <memory>
#include <random>
#include <string>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using std::chrono::milliseconds;

constexpr Instant kStart{std::chrono::seconds(1000)};

Instant at(int ms) {
  return kStart + milliseconds(ms);
}

TEST_CASE("timers fire in the order in which they are due, not in which they were started") {
  TimerQueue queue;
  std::string fired;
  Timer late(queue, [&] { fired += "late "; });
  Timer early(queue, [&] { fired += "early "; });
  Timer middle(queue, [&] { fired += "middle "; });
  late.start(at(30));
  early.start(at(10));
  middle.start(at(20));
  CHECK(queue.next() == at(10));
  queue.run_due(at(30));
  CHECK(fired == "early middle late ");
  CHECK(queue.empty());
}

TEST_CASE("a timer does not fire before it is due, and fires once") {
  TimerQueue queue;
  int fired = 0;
  Timer timer(queue, [&] { ++fired; });
  timer.start(at(10));
  queue.run_due(at(9));
  CHECK(fired == 0);
  queue.run_due(at(10));
  queue.run_due(at(11));
  CHECK(fired == 1);
  CHECK_FALSE(timer.armed());
}

TEST_CASE("starting an armed timer again moves it") {
  TimerQueue queue;
  int fired = 0;
  Timer timer(queue, [&] { ++fired; });
  timer.start(at(10));
  timer.start(at(50));
  queue.run_due(at(49));
  CHECK(fired == 0);
  timer.start(at(5));
  CHECK(queue.next() == at(5));
  queue.run_due(at(5));
  CHECK(fired == 1);
}

TEST_CASE("a stopped or destroyed timer does not fire") {
  TimerQueue queue;
  int fired = 0;
  Timer stopped(queue, [&] { ++fired; });
  auto destroyed = std::make_unique<Timer>(queue, [&] { ++fired; });
  stopped.start(at(1));
  destroyed->start(at(2));
  stopped.stop();
  destroyed.reset();
  CHECK(queue.empty());
  CHECK(queue.next() == std::nullopt);
  queue.run_due(at(10));
  CHECK(fired == 0);
}

TEST_CASE("a timer may stop or destroy another one that is due at the same time") {
  TimerQueue queue;
  int fired = 0;
  Timer stopped(queue, [&] { ++fired; });
  auto destroyed = std::make_unique<Timer>(queue, [&] { ++fired; });
  Timer first(queue, [&] {
    stopped.stop();
    destroyed.reset();
  });
  first.start(at(1));
  stopped.start(at(2));
  destroyed->start(at(2));
  queue.run_due(at(5));
  CHECK(fired == 0);
}

TEST_CASE("a timer that starts itself again for now waits for the next turn") {
  TimerQueue queue;
  int fired = 0;
  std::unique_ptr<Timer> timer;
  timer = std::make_unique<Timer>(queue, [&] {
    ++fired;
    timer->start(at(0));
  });
  timer->start(at(0));
  queue.run_due(at(10));
  CHECK(fired == 1);
  queue.run_due(at(10));
  CHECK(fired == 2);
}

TEST_CASE("a thousand timers started and stopped at random fire in order, the stopped ones never") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  TimerQueue queue;
  struct Entry {
    int due = 0;
    bool stopped = false;
    std::unique_ptr<Timer> timer;
  };
  std::vector<Entry> entries(1000);
  std::vector<const Entry*> fired;
  for (Entry& entry : entries) {
    entry.timer = std::make_unique<Timer>(queue, [&] { fired.push_back(&entry); });
    entry.due = static_cast<int>(random() % 500);
    entry.timer->start(at(entry.due));
  }
  size_t stopped = 0;
  for (Entry& entry : entries) {
    entry.stopped = random() % 3 == 0;
    if (!entry.stopped) continue;
    entry.timer->stop();
    ++stopped;
  }
  for (int now = 0; now < 500; now += 7)
    queue.run_due(at(now));
  queue.run_due(at(500));
  CHECK(fired.size() == 1000 - stopped);
  for (size_t i = 0; i < fired.size(); ++i) {
    CHECK_FALSE(fired[i]->stopped);
    if (i > 0) CHECK(fired[i - 1]->due <= fired[i]->due);
  }
}

}  // namespace
}  // namespace perigee
