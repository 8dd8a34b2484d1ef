#include "target/behaviour.h"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{100s};

std::vector<Duration> latencies(std::string_view text, uint64_t seed, uint64_t worker,
                                size_t count) {
  BehaviourOptions options;
  options.latency = parse_latency(text);
  options.seed = seed;
  Behaviour behaviour(options, worker, kStart);
  std::vector<Duration> result;
  for (size_t i = 0; i < count; ++i)
    result.push_back(behaviour.next_latency());
  return result;
}

double mean_ms(const std::vector<Duration>& durations) {
  double sum = 0;
  for (const Duration duration : durations)
    sum += to_ms(duration);
  return sum / static_cast<double>(durations.size());
}

TEST_CASE("a fixed latency is the same each time") {
  CHECK(latencies("5ms", 1, 0, 3) == std::vector<Duration>{5ms, 5ms, 5ms});
  CHECK(latencies("fixed:5ms", 1, 0, 1) == std::vector<Duration>{5ms});
}

TEST_CASE("a normal latency has the mean it was given and is never negative") {
  const auto all = latencies("normal:5ms,1ms", 7, 0, 10'000);
  CHECK(mean_ms(all) == doctest::Approx(5).epsilon(0.02));
  CHECK(std::count_if(all.begin(), all.end(), [](Duration d) { return d > 4ms && d < 6ms; }) ==
        doctest::Approx(6827).epsilon(0.03));
  const auto wide = latencies("normal:1ms,10ms", 7, 0, 1'000);
  CHECK(*std::min_element(wide.begin(), wide.end()) == 0ns);
}

TEST_CASE("an exponential latency has the mean it was given") {
  const auto all = latencies("exponential:5ms", 7, 0, 10'000);
  CHECK(mean_ms(all) == doctest::Approx(5).epsilon(0.05));
  CHECK(std::count_if(all.begin(), all.end(), [](Duration d) { return d > 5ms; }) ==
        doctest::Approx(3679).epsilon(0.05));
}

TEST_CASE("the same seed gives the same latencies, another seed or worker others") {
  const auto first = latencies("normal:5ms,1ms", 7, 0, 10);
  CHECK(latencies("normal:5ms,1ms", 7, 0, 10) == first);
  CHECK(latencies("normal:5ms,1ms", 8, 0, 10) != first);
  CHECK(latencies("normal:5ms,1ms", 7, 1, 10) != first);
}

TEST_CASE("the share of failures is the error rate") {
  BehaviourOptions options;
  options.error_rate = 0.1;
  Behaviour behaviour(options, 0, kStart);
  int failures = 0;
  for (int i = 0; i < 10'000; ++i)
    failures += behaviour.next_fails() ? 1 : 0;
  CHECK(failures == doctest::Approx(1000).epsilon(0.1));
}

TEST_CASE("nothing fails without an error rate and everything at a rate of one") {
  Behaviour never({}, 0, kStart);
  BehaviourOptions all;
  all.error_rate = 1;
  Behaviour always(all, 0, kStart);
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(never.next_fails());
    CHECK(always.next_fails());
  }
}

TEST_CASE("an answer that falls in a stall goes out when the stall ends") {
  BehaviourOptions options;
  options.stall = parse_stall("every=10s,for=500ms");
  const Behaviour behaviour(options, 0, kStart);
  CHECK(behaviour.after_stall(kStart) == kStart);
  CHECK(behaviour.after_stall(kStart + 9999ms) == kStart + 9999ms);
  CHECK(behaviour.after_stall(kStart + 10s) == kStart + 10500ms);
  CHECK(behaviour.after_stall(kStart + 10499ms) == kStart + 10500ms);
  CHECK(behaviour.after_stall(kStart + 10500ms) == kStart + 10500ms);
  CHECK(behaviour.after_stall(kStart + 20100ms) == kStart + 20500ms);
}

TEST_CASE("without stalls an answer goes out when it is ready") {
  CHECK(Behaviour({}, 0, kStart).after_stall(kStart + 10s) == kStart + 10s);
}

TEST_CASE("a latency that can't be read is refused with what to write") {
  for (const char* text : {"", "abc", "-5ms", "normal:5ms", "normal:5ms,", "normal:5ms,1ms,1ms",
                           "5ms,1ms", "exponential:", "uniform:5ms", "exponential:5ms,1ms"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_latency(text), ConfigError);
  }
  CHECK_THROWS_WITH(
      parse_latency("uniform:5ms"),
      "\"uniform:5ms\" is not a latency; write 5ms, normal:5ms,1ms (mean and deviation) or "
      "exponential:5ms");
}

TEST_CASE("a stall that can't be read is refused with what to write") {
  for (const char* text : {"", "10s", "every=10s", "for=1s", "every=1s,for=1s", "every=1s,for=2s",
                           "every=10s,for=0s", "every=10s,for=x", "every=10s,during=1s"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(parse_stall(text), ConfigError);
  }
  CHECK_THROWS_WITH(
      parse_stall("10s"),
      "\"10s\" is not a stall; write every=10s,for=500ms, with every longer than for");
}

}  // namespace
}  // namespace perigee
