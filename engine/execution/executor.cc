#include "engine/execution/executor.h"

#include <algorithm>
#include <exception>
#include <utility>

#include <fmt/format.h>

#include "engine/execution/closed_executor.h"
#include "engine/execution/open_executor.h"
#include "engine/execution/queue_executor.h"

namespace perigee {

Executor::Executor(ExecutorContext context)
    : context_(std::move(context)),
      begin_timer_(context_.timers, [this] { on_begin(); }),
      end_timer_(context_.timers, [this] { on_regular_end(); }),
      grace_timer_(context_.timers, [this] { on_grace_end(); }) {}

void Executor::start(const RunClock& clock) {
  clock_ = clock;
  if (!paused()) set_timers();
}

void Executor::set_timers() {
  const Scenario& scenario = context_.run.scenario;
  if (phase_ == Phase::kWaiting) return begin_timer_.start(at(Duration::zero()));
  if (phase_ == Phase::kRunning) end_timer_.start(at(scenario.duration()));
  if (phase_ != Phase::kDone) grace_timer_.start(at(scenario.duration() + scenario.graceful_stop));
}

void Executor::on_begin() {
  // A scenario that ends at this very instant leaves its VUs to this one, so it has its turn first.
  if (!std::exchange(others_went_first_, true)) return begin_timer_.start(context_.clock.now());
  phase_ = Phase::kRunning;
  set_timers();
  try {
    begin();
  } catch (const std::exception& error) {
    fail(error.what());
  }
}

void Executor::on_regular_end() {
  if (phase_ != Phase::kRunning) return;
  last_starts();
  // Its last iteration may have ended within its start.
  if (phase_ != Phase::kRunning) return;
  phase_ = Phase::kStopping;
  end_of_starts();
  maybe_done();
}

void Executor::on_grace_end() {
  // Without a graceful stop both ends fall on one instant, in any order.
  on_regular_end();
  interrupt_all();
  maybe_done();
}

void Executor::finish_early() {
  if (phase_ == Phase::kRunning) phase_ = Phase::kStopping;
  end_timer_.stop();
  maybe_done();
}

void Executor::fail(const std::string& error) {
  if (!std::exchange(broken_, true)) context_.on_failure(error);
}

void Executor::abort() {
  if (phase_ == Phase::kDone) return;
  const bool stopping = phase_ == Phase::kStopping;
  phase_ = Phase::kStopping;
  begin_timer_.stop();
  end_timer_.stop();
  if (!stopping) end_of_starts();
  interrupt_all();
  maybe_done();
}

void Executor::pause(Instant now) {
  clock_.pause(now);
  begin_timer_.stop();
  end_timer_.stop();
  grace_timer_.stop();
}

void Executor::resume(Instant now) {
  clock_.resume(now);
  set_timers();
  if (phase_ == Phase::kRunning || phase_ == Phase::kStopping) on_resume();
}

void Executor::maybe_done() {
  if (phase_ != Phase::kStopping || busy()) return;
  phase_ = Phase::kDone;
  grace_timer_.stop();
  leave();
  context_.on_done();
}

// As in k6, what was cut off needs no rest.
Instant Executor::rested_at(Instant started, IterationResult result, Instant now) const {
  if (result == IterationResult::kInterrupted) return now;
  return std::max(now, started + context_.min_iteration_duration);
}

bool Executor::start_iteration(VirtualUser& vu, uint64_t number, IterationListener& listener) {
  context_.progress.active.fetch_add(1, std::memory_order_relaxed);
  try {
    vu.start_iteration({&context_.run, number}, listener);
    return true;
  } catch (const std::exception& error) {
    fail(fmt::format("VU {} can't begin: {}", vu.id(), error.what()));
    return false;
  }
}

Instant Executor::record_end(const VirtualUser& vu, IterationResult result, Instant start,
                             std::optional<Instant> due) {
  const Instant now = context_.clock.now();
  std::optional<IterationMetrics> tagged;
  if (const auto tags = vu.own_tags()) tagged.emplace(context_.metrics.tagged(*tags));
  IterationMetrics& metrics = tagged ? *tagged : context_.metrics;
  context_.progress.active.fetch_sub(1, std::memory_order_relaxed);
  if (result == IterationResult::kInterrupted) {
    context_.progress.interrupted.fetch_add(1, std::memory_order_relaxed);
    metrics.interrupted(now);
  } else {
    const bool failed = result == IterationResult::kFailed;
    context_.progress.completed.fetch_add(1, std::memory_order_relaxed);
    if (failed) context_.progress.record_failure(vu.failure());
    metrics.completed(start, now, due, failed);
  }
  return now;
}

std::unique_ptr<Executor> make_executor(ExecutorContext context) {
  if (const ArrivalRules* rules = context.run.scenario.arrival_rules()) {
    if (rules->overload == Overload::kQueue) {
      return std::make_unique<QueueExecutor>(std::move(context));
    }
    return std::make_unique<OpenExecutor>(std::move(context));
  }
  return std::make_unique<ClosedExecutor>(std::move(context));
}

}  // namespace perigee
