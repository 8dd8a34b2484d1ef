#include "engine/base/message_limit.h"

#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "engine/base/limits.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

constexpr Instant kStart{1h};

// A limit that a test leads through time.
struct Flow {
  bool written(const std::string& message, Duration at = {}) {
    const auto verdict = limit.judge(LogLevel::kError, message, kStart + at);
    due = verdict.due;
    return verdict.written;
  }
  // How often the first of what is due came.
  size_t repeats() const { return due.repeated.empty() ? 0 : due.repeated.front().count; }

  MessageLimit limit;
  LeftOutMessages due;
};

TEST_CASE("equal messages are written once, and a second later it is due how often they came") {
  Flow flow;
  CHECK(flow.written("no token\nstack traceback:"));
  for (int i = 0; i < 9; ++i) {
    CHECK_FALSE(flow.written("no token\nstack traceback:", 100ms));
    CHECK(flow.due.repeated.empty());
  }
  CHECK_FALSE(flow.written("no token\nstack traceback:", 1s));
  REQUIRE(flow.due.repeated.size() == 1);
  CHECK(flow.due.repeated[0].first_line == "no token");
  CHECK(flow.due.repeated[0].level == LogLevel::kError);
  CHECK(flow.due.repeated[0].count == 10);
}

TEST_CASE("the longer a message comes, the rarer it is logged, but never less than once a minute") {
  Flow flow;
  flow.written("no token");
  std::vector<int> logged;
  for (int second = 1; second <= 250; ++second) {
    flow.written("no token", std::chrono::seconds(second));
    if (flow.repeats() > 0) logged.push_back(second);
  }
  CHECK(logged == std::vector<int>{1, 3, 7, 15, 31, 63, 123, 183, 243});
}

TEST_CASE("what comes again after a long while is logged at once") {
  Flow flow;
  flow.written("no token");
  flow.written("no token", 2h);
  CHECK(flow.repeats() == 1);
}

TEST_CASE("another message of the kind lets it be known how often the one before came") {
  Flow flow;
  flow.written("a");
  flow.written("a");
  CHECK(flow.written("b", 1s));
  CHECK(flow.repeats() == 1);
  CHECK(flow.due.repeated[0].first_line == "a");
}

TEST_CASE("different messages are written a few times a second, whatever repeats beside them") {
  Flow flow;
  for (size_t i = 0; i < limits::kLogLinesPerKind; ++i) {
    CHECK(flow.written("message " + std::to_string(i)));
    CHECK_FALSE(flow.written("message 0"));
  }
  CHECK_FALSE(flow.written("one too many", 999ms));
  CHECK(flow.written("one too many", 1s));
  CHECK(flow.due.others == 1);
  CHECK(flow.repeats() == limits::kLogLinesPerKind);
}

TEST_CASE("the rest is all that was not due yet") {
  Flow flow;
  flow.written("a");
  flow.written("a");
  for (size_t i = 0; i < limits::kLogLinesPerKind; ++i)
    flow.written(std::to_string(i));
  const LeftOutMessages rest = flow.limit.take_rest();
  REQUIRE(rest.repeated.size() == 1);
  CHECK(rest.repeated[0].count == 1);
  CHECK(rest.others == 1);
  CHECK(flow.limit.take_rest().repeated.empty());
  CHECK(flow.limit.take_rest().others == 0);
}

TEST_CASE("of ever new messages only a bounded number is known again") {
  Flow flow;
  for (size_t i = 0; i <= limits::kLogRepeats; ++i)
    flow.written("message " + std::to_string(i), std::chrono::seconds(i));
  CHECK(flow.written("message 0", 1h));
  CHECK_FALSE(flow.written("message " + std::to_string(limits::kLogRepeats), 1h));
}

}  // namespace
}  // namespace perigee
