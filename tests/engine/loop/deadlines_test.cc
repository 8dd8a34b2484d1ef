#include "engine/loop/deadlines.h"

#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

namespace perigee {
namespace {

using std::chrono::milliseconds;

constexpr Instant kStart{std::chrono::seconds(1000)};

Instant at(int ms) {
  return kStart + milliseconds(ms);
}

// Notes its name in a list when its time is over.
class Named : public Deadline {
 public:
  Named(std::string name, std::string& expired) : name_(std::move(name)), expired_(expired) {}

 private:
  void on_deadline() override { expired_ += name_ + " "; }

  std::string name_;
  std::string& expired_;
};

// Runs a function when its time is over.
class Calling : public Deadline {
 public:
  explicit Calling(std::function<void()> callback) : callback_(std::move(callback)) {}

 private:
  void on_deadline() override { callback_(); }

  std::function<void()> callback_;
};

TEST_CASE("deadlines of one time-out expire in the order in which they were armed") {
  TimerQueue timers;
  Deadlines deadlines(timers);
  std::string expired;
  Named a("a", expired), b("b", expired);
  deadlines.arm(a, milliseconds(100), at(0));
  deadlines.arm(b, milliseconds(100), at(10));
  timers.run_due(at(99));
  CHECK(expired.empty());
  timers.run_due(at(100));
  CHECK(expired == "a ");
  timers.run_due(at(110));
  CHECK(expired == "a b ");
}

TEST_CASE("a shorter time-out armed later expires first") {
  TimerQueue timers;
  Deadlines deadlines(timers);
  std::string expired;
  Named slow("slow", expired), quick("quick", expired);
  deadlines.arm(slow, milliseconds(100), at(0));
  deadlines.arm(quick, milliseconds(20), at(50));
  timers.run_due(at(70));
  CHECK(expired == "quick ");
  timers.run_due(at(100));
  CHECK(expired == "quick slow ");
}

TEST_CASE("a disarmed or destroyed deadline never expires") {
  TimerQueue timers;
  Deadlines deadlines(timers);
  std::string expired;
  Named disarmed("disarmed", expired), kept("kept", expired);
  auto destroyed = std::make_unique<Named>("destroyed", expired);
  deadlines.arm(disarmed, milliseconds(10), at(0));
  deadlines.arm(*destroyed, milliseconds(10), at(0));
  deadlines.arm(kept, milliseconds(10), at(5));
  disarmed.disarm();
  destroyed.reset();
  timers.run_due(at(10));
  CHECK(expired.empty());
  timers.run_due(at(15));
  CHECK(expired == "kept ");
}

TEST_CASE("arming a deadline again starts its time anew") {
  TimerQueue timers;
  Deadlines deadlines(timers);
  std::string expired;
  Named a("a", expired);
  deadlines.arm(a, milliseconds(10), at(0));
  deadlines.arm(a, milliseconds(10), at(8));
  timers.run_due(at(10));
  CHECK(expired.empty());
  timers.run_due(at(18));
  CHECK(expired == "a ");
}

TEST_CASE("a deadline may be destroyed, and others armed, while it expires") {
  TimerQueue timers;
  Deadlines deadlines(timers);
  std::string expired;
  Named next("next", expired);
  std::unique_ptr<Calling> once;
  once = std::make_unique<Calling>([&] {
    deadlines.arm(next, milliseconds(10), at(10));
    once.reset();
  });
  deadlines.arm(*once, milliseconds(10), at(0));
  timers.run_due(at(10));
  CHECK(once == nullptr);
  timers.run_due(at(20));
  CHECK(expired == "next ");
}

TEST_CASE("thousands of different time-outs leave nothing behind once they are over") {
  TimerQueue timers;
  Deadlines deadlines(timers);
  std::string expired;
  Named a("a", expired);
  for (int i = 1; i <= 5000; ++i) {
    deadlines.arm(a, milliseconds(i), at(0));
    a.disarm();
  }
  CHECK(deadlines.lists() <= Deadlines::kIdleLists + 1);
  deadlines.arm(a, milliseconds(3), at(10));
  timers.run_due(at(13));
  CHECK(expired == "a ");
}

TEST_CASE("a deadline that expires may arm one of another time-out when there are too many lists") {
  TimerQueue timers;
  Deadlines deadlines(timers);
  std::string expired;
  Named next("next", expired);
  Calling arming([&] {
    for (int i = 1; i <= 200; ++i)
      deadlines.arm(next, milliseconds(100 + i), at(10));
  });
  deadlines.arm(arming, milliseconds(10), at(0));
  timers.run_due(at(10));
  timers.run_due(at(310));
  CHECK(expired == "next ");
}

}  // namespace
}  // namespace perigee
