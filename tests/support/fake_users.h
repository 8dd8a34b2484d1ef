// VUs without a script: their iterations take a given time, or none, or never end, or fail.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/clock.h"
#include "engine/execution/virtual_user.h"
#include "engine/loop/timer_queue.h"

namespace perigee {

inline constexpr Duration kForEver = Duration::max();

// What an iteration does.
struct FakeIteration {
  Duration takes{};  // zero: it ends before its start returns
  IterationResult result = IterationResult::kCompleted;
};

// What setup or teardown does.
struct FakeLifecycle {
  Duration takes{};
  LifecycleResult result{};
};

// What all fake users of a test have in common. On several workers the functions are called from
// several threads.
struct FakeScript {
  std::function<FakeIteration(const VirtualUser&, const Iteration&)> iteration;
  std::function<void(uint64_t id)> init = [](uint64_t) {};  // throws: the VU can't be made
  FakeLifecycle setup{};
  FakeLifecycle teardown{};
  std::function<void(const std::string& event)> tell = [](const std::string&) {};
};

// Every iteration alike.
inline FakeScript always(FakeIteration iteration) {
  return {.iteration = [iteration](const auto&, const auto&) { return iteration; }};
}

class FakeUser final : public VirtualUser {
 public:
  FakeUser(uint64_t id, const FakeScript& script, TimerQueue& timers, const Clock& clock)
      : id_(id), script_(script), clock_(clock), timer_(timers, [this] { end(result_); }) {}

  uint64_t id() const override { return id_; }
  void start_iteration(const Iteration& iteration, IterationListener& listener) override {
    PERIGEE_CHECK(listener_ == nullptr);  // one at a time
    const FakeIteration plan = script_.iteration(*this, iteration);
    listener_ = &listener;
    result_ = plan.result;
    if (plan.takes == Duration::zero()) return end(result_);
    if (plan.takes != kForEver) timer_.start(clock_.now() + plan.takes);
  }
  std::string_view failure() const override { return "fake failure"; }
  void interrupt() override {
    timer_.stop();
    if (listener_ != nullptr) end(IterationResult::kInterrupted);
  }

 private:
  void end(IterationResult result) {
    std::exchange(listener_, nullptr)->on_iteration_end(*this, result);
  }

  const uint64_t id_;
  const FakeScript& script_;
  const Clock& clock_;
  IterationListener* listener_ = nullptr;
  IterationResult result_{};
  Timer timer_;
};

class FakeUsers final : public UserFactory {
 public:
  FakeUsers(const FakeScript& script, TimerQueue& timers, const Clock& clock)
      : script_(script), timers_(timers), clock_(clock), timer_(timers, [this] { end(result_); }) {}

  std::unique_ptr<VirtualUser> make_user(uint64_t id) override {
    script_.init(id);
    return std::make_unique<FakeUser>(id, script_, timers_, clock_);
  }
  void run_setup(Done done) override {
    script_.tell("setup");
    run(script_.setup, std::move(done));
  }
  void run_teardown(const std::string& data, Done done) override {
    script_.tell("teardown " + data);
    run(script_.teardown, std::move(done));
  }
  void interrupt_lifecycle(ScriptFailure failure) override {
    timer_.stop();
    if (done_) end({failure, {}, {}});
  }
  void set_data(const std::string& data) override { script_.tell("data " + data); }

 private:
  void run(const FakeLifecycle& plan, Done done) {
    done_ = std::move(done);
    result_ = plan.result;
    if (plan.takes == Duration::zero()) return end(result_);
    if (plan.takes != kForEver) timer_.start(clock_.now() + plan.takes);
  }
  void end(LifecycleResult result) { std::exchange(done_, nullptr)(std::move(result)); }

  const FakeScript& script_;
  TimerQueue& timers_;
  const Clock& clock_;
  Done done_;
  LifecycleResult result_{};
  Timer timer_;
};

}  // namespace perigee
