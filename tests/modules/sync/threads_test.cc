// What several threads agree on.
#include <algorithm>
#include <functional>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "modules/sync/room.h"
#include "tests/modules/sync/noting_waiter.h"

namespace perigee::sync {
namespace {

constexpr int kThreads = 4;
constexpr int kRounds = 5000;

void on_threads(const std::function<void(int)>& work) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back(work, i);
  for (std::thread& thread : threads)
    thread.join();
}

}  // namespace

TEST_CASE("threads that take a lock in turn lose none of what they count under it") {
  Room room;
  int counted = 0;  // under the lock
  on_threads([&](int) {
    Lock& lock = room.lock("l");
    NotingWaiter waiter;
    for (int i = 0; i < kRounds; ++i) {
      if (!lock.acquire(waiter, true)) waiter.wait();
      ++counted;
      lock.release(waiter.owner);
    }
  });
  CHECK(counted == kThreads * kRounds);
}

TEST_CASE("each place of a barrier's round belongs to one thread") {
  Room room;
  std::vector<std::vector<uint64_t>> places(kThreads);
  on_threads([&](int i) {
    Barrier& barrier = room.barrier("b", kThreads);
    NotingWaiter waiter;
    for (int round = 0; round < kRounds; ++round) {
      const auto place = barrier.arrive(waiter, true);
      if (!place) waiter.wait();
      places[static_cast<size_t>(i)].push_back(place.value_or(waiter.place));
    }
  });
  uint64_t sum = 0;
  for (const auto& own : places) {
    for (const uint64_t place : own)
      sum += place;
  }
  CHECK(sum == uint64_t{kRounds} * kThreads * (kThreads + 1) / 2);
}

TEST_CASE("each value of a queue is received once") {
  Room room;
  std::vector<std::vector<std::string>> received(kThreads);
  on_threads([&](int i) {
    Queue& queue = room.queue("q", 3);
    NotingWaiter waiter;
    for (int n = 0; n < kRounds; ++n) {
      if (i % 2 == 0) {
        waiter.value = std::to_string(i * kRounds + n);
        if (queue.push(waiter, true) == Queue::Result::kWaits) waiter.wait();
      } else {
        if (queue.pop(waiter, true) == Queue::Result::kWaits) waiter.wait();
        received[static_cast<size_t>(i)].push_back(waiter.value);
      }
    }
  });
  std::vector<std::string> all;
  for (const auto& own : received)
    all.insert(all.end(), own.begin(), own.end());
  std::sort(all.begin(), all.end());
  CHECK(all.size() == kThreads / 2 * kRounds);
  CHECK(std::unique(all.begin(), all.end()) == all.end());
}

TEST_CASE("threads that add to a counter get each sum once") {
  Room room;
  on_threads([&](int) {
    for (int i = 0; i < kRounds; ++i)
      room.counter("c", {}).add(1);
  });
  CHECK(room.counter("c", {}).value() == kThreads * kRounds);
}

}  // namespace perigee::sync
