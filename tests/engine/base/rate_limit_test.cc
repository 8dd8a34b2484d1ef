#include "engine/base/rate_limit.h"

#include <algorithm>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using std::chrono::milliseconds;

Instant at(int64_t ms) {
  return Instant(milliseconds(ms));
}

TEST_CASE("turns are evenly apart") {
  RateLimit limit(100);
  CHECK_FALSE(limit.unlimited());
  CHECK(limit.reserve(at(1000)) == at(1000));
  CHECK(limit.reserve(at(1000)) == at(1010));
  CHECK(limit.reserve(at(1001)) == at(1020));
  CHECK(limit.reserve(at(1030)) == at(1030));
}

TEST_CASE("time in which nobody asked is no reserve") {
  RateLimit limit(100);
  limit.reserve(at(1000));
  CHECK(limit.reserve(at(5003)) == at(5003));
  CHECK(limit.reserve(at(5003)) == at(5013));
}

TEST_CASE("without a limit it is everybody's turn") {
  RateLimit limit;
  CHECK(limit.unlimited());
  CHECK(limit.reserve(at(1000)) == at(1000));
  CHECK(limit.reserve(at(1000)) == at(1000));
}

TEST_CASE("threads that ask at the same time get different turns") {
  constexpr int kThreads = 4;
  constexpr int kTurns = 5000;
  RateLimit limit(1000);
  std::vector<std::vector<Instant>> turns(kThreads);
  std::vector<std::thread> threads;
  for (auto& own : turns) {
    threads.emplace_back([&limit, &own] {
      for (int i = 0; i < kTurns; ++i)
        own.push_back(limit.reserve(at(1000)));
    });
  }
  std::vector<Instant> all;
  for (int i = 0; i < kThreads; ++i) {
    threads[static_cast<size_t>(i)].join();
    all.insert(all.end(), turns[static_cast<size_t>(i)].begin(),
               turns[static_cast<size_t>(i)].end());
  }
  std::sort(all.begin(), all.end());
  for (int i = 0; i < kThreads * kTurns; ++i)
    CHECK(all[static_cast<size_t>(i)] == at(1000 + i));
}

}  // namespace
}  // namespace perigee
