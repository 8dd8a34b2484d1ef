#include "engine/execution/arrival_schedule.h"

#include <algorithm>
#include <optional>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "engine/execution/stripe.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

uint64_t count_by_asking(const ArrivalSchedule& schedule) {
  uint64_t n = 0;
  while (n < 10'000'000 && schedule.due(n))
    ++n;
  return n;
}

TEST_CASE("1000/s for 5 s are exactly 5000 arrivals, one each millisecond") {
  const ArrivalSchedule schedule(1000, 1s, 5s);
  CHECK(schedule.total() == 5000);
  CHECK(schedule.due(0) == 0ns);
  CHECK(schedule.due(1) == 1ms);
  CHECK(schedule.due(777) == 777ms);
  CHECK(schedule.due(4999) == 4999ms);
  CHECK(schedule.due(5000) == std::nullopt);
}

TEST_CASE("a rate below one per second is honoured") {
  const ArrivalSchedule schedule(0.1, 1s, 1min);
  CHECK(schedule.total() == 6);
  CHECK(schedule.due(1) == 10s);
  CHECK(schedule.due(5) == 50s);
  CHECK(schedule.due(6) == std::nullopt);
}

TEST_CASE("2.5/s are five arrivals in two seconds") {
  const ArrivalSchedule schedule(2.5, 1s, 2s);
  CHECK(schedule.total() == 5);
  CHECK(schedule.due(1) == 400ms);
  CHECK(schedule.due(4) == 1600ms);
  CHECK(schedule.due(5) == std::nullopt);
}

TEST_CASE("7 arrivals per 3 s are exact over many units") {
  const ArrivalSchedule schedule(7, 3s, 3s);
  CHECK(schedule.total() == 7);
  CHECK(schedule.due(1) == 428571429ns);
  CHECK(schedule.due(6) == 2571428571ns);
  CHECK(schedule.due(7) == std::nullopt);

  const ArrivalSchedule day(7, 3s, 24h);
  CHECK(day.total() == 201'600);
  CHECK(day.due(7 * 28'799) == 86'397s);
}

TEST_CASE("a third of an arrival per second is one every three seconds") {
  const ArrivalSchedule schedule(1.0 / 3, 1s, 30s);
  CHECK(schedule.total() == 10);
  CHECK(schedule.due(1) == 3s);
  CHECK(schedule.due(9) == 27s);
  CHECK(schedule.due(10) == std::nullopt);
}

TEST_CASE("the last arrival lies before the end, never on it") {
  CHECK(ArrivalSchedule(1, 1s, 1s).total() == 1);
  CHECK(ArrivalSchedule(1, 1s, 1001ms).total() == 2);
  CHECK(ArrivalSchedule(3, 1s, 1s).total() == 3);
}

TEST_CASE("an hour of ten thousand per second does not drift") {
  const ArrivalSchedule schedule(10'000, 1s, 1h);
  CHECK(schedule.total() == 36'000'000);
  CHECK(schedule.due(35'999'999) == 1h - 100us);
}

TEST_CASE("a rate too slow for a second arrival gives the first one") {
  CHECK(ArrivalSchedule(0.5, 24h * 100'000, 10s).total() == 1);
  CHECK(ArrivalSchedule(1e-308, 1s, 10s).total() == 1);
  CHECK(ArrivalSchedule(1e-308, 1s, 10s).due(0) == 0ns);
  CHECK(ArrivalSchedule(1e-308, 1s, 10s).due(1) == std::nullopt);
}

TEST_CASE("a change of rate leaves earlier arrivals alone") {
  ArrivalSchedule schedule(10, 1s, 2s);
  schedule.change_rate(1s, 4, 1s);
  CHECK(schedule.due(9) == 900ms);
  CHECK(schedule.due(10) == 1s);
  CHECK(schedule.due(11) == 1250ms);
  CHECK(schedule.due(13) == 1750ms);
  CHECK(schedule.due(14) == std::nullopt);
  CHECK(schedule.total() == 14);
}

TEST_CASE("what has come together of an arrival when the rate changes is not lost") {
  ArrivalSchedule schedule(1, 1s, 10s);
  schedule.change_rate(2500ms, 2, 1s);
  CHECK(schedule.due(2) == 2s);
  CHECK(schedule.due(3) == 2750ms);
  schedule.change_rate(2600ms, 1, 1min);
  CHECK(schedule.due(3) == std::nullopt);
  schedule.change_rate(3s, 10, 1s);
  CHECK(schedule.due(3).value() < 3100ms);
}

TEST_CASE("a change of rate after the end changes nothing") {
  ArrivalSchedule schedule(10, 1s, 1s);
  schedule.change_rate(5s, 1000, 1s);
  CHECK(schedule.total() == 10);
  CHECK(schedule.due(10) == std::nullopt);
}

TEST_CASE("the stripes of all workers together are the whole schedule, in order") {
  const unsigned seed = 1;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 100; ++round) {
    const double rate = std::uniform_real_distribution(0.1, 300.0)(random);
    const Duration unit(std::uniform_int_distribution<int64_t>(50'000'000, 5'000'000'000)(random));
    const Duration length(
        std::uniform_int_distribution<int64_t>(1'000'000'000, 9'000'000'000)(random));
    const uint64_t workers = std::uniform_int_distribution<uint64_t>(1, 8)(random);
    CAPTURE(rate);
    CAPTURE(unit.count());
    CAPTURE(length.count());
    CAPTURE(workers);
    ArrivalSchedule schedule(rate, unit, length);
    if (round % 2 == 1) schedule.change_rate(length / 3, rate * 1.7, unit);

    std::vector<Duration> whole;
    for (uint64_t n = 0; schedule.due(n); ++n)
      whole.push_back(*schedule.due(n));
    CHECK(std::is_sorted(whole.begin(), whole.end()));
    CHECK(whole.size() == schedule.total());

    std::vector<Duration> parts;
    for (uint64_t index = 0; index < workers; ++index) {
      const Stripe stripe{index, workers};
      const uint64_t share = stripe.share(schedule.total());
      for (uint64_t k = 0; k < share; ++k)
        parts.push_back(schedule.due(stripe.nth(k)).value());
      CHECK(schedule.due(stripe.nth(share)) == std::nullopt);
    }
    std::sort(parts.begin(), parts.end());
    CHECK(parts == whole);
  }
}

TEST_CASE("the total agrees with what is due for awkward rates") {
  const unsigned seed = 1;
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 200; ++round) {
    const int rate = std::uniform_int_distribution(1, 1000)(random);
    const int seconds = std::uniform_int_distribution(1, 20)(random);
    CAPTURE(rate);
    CAPTURE(seconds);
    const ArrivalSchedule schedule(rate, 1s, std::chrono::seconds(seconds));
    CHECK(schedule.total() == static_cast<uint64_t>(rate * seconds));
    CHECK(count_by_asking(schedule) == schedule.total());
  }
}

}  // namespace
}  // namespace perigee
