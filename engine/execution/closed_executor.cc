#include "engine/execution/closed_executor.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace perigee {
namespace {

// Iterations that one VU may run without the loop getting its turn.
constexpr int kIterationsPerTurn = 64;

uint64_t as_count(int64_t value) {
  return static_cast<uint64_t>(value);
}

}  // namespace

ClosedExecutor::ClosedExecutor(ExecutorContext context)
    : Executor(std::move(context)),
      plan_(vu_plan(context_.run.scenario)),
      ramps_down_(std::holds_alternative<RampingVus>(context_.run.scenario.config)),
      plan_timer_(context_.timers, [this] { on_plan_timer(); }),
      rest_timer_(context_.timers, [this] { wake_resting(); }) {}

void ClosedExecutor::begin() {
  follow_plan();
  if (seated_ == 0 && !loops()) finish_early();
}

void ClosedExecutor::change(const ScenarioChange& change, Duration /*offset*/) {
  if (!change.vus || !loops()) return;
  const uint64_t vus = context_.run.scenario.share.count(as_count(*change.vus));
  plan_ = VuPlan(static_cast<int64_t>(vus));
  ramps_down_ = false;
  if (starting()) follow_plan();
}

void ClosedExecutor::on_plan_timer() {
  try {
    follow_plan();
  } catch (const std::exception& error) {
    fail(error.what());
  }
}

// Once no iteration may start any more, the plan only says who has to stop.
void ClosedExecutor::follow_plan() {
  if (paused()) return;
  const Duration now = elapsed(context_.clock.now());
  const auto next = plan_.next_change(now);
  plan_changes_ = next ? at(*next) : Instant::max();
  if (next) plan_timer_.start(plan_changes_);
  if (starting()) seat_vus(planned_at(now));
  if (ramps_down_) cut_off(context_.stripe.share(as_count(plan_.held_at(now))));
}

// What the plan comes to at the very end is for nobody any more; a late loop is never past it.
uint64_t ClosedExecutor::planned_at(Duration offset) const {
  const Duration last = context_.run.scenario.duration() - Duration(1);
  return context_.stripe.share(as_count(plan_.vus_at(std::min(offset, last))));
}

// An iteration may end at the instant at which the plan changes, and be heard of first. Who goes on
// must not hang on that, or the segments of a test would not add up to it.
bool ClosedExecutor::wants(const Seat& seat, Instant now) {
  if (plan_changes_ <= now) wanted_ = planned_at(elapsed(now));
  return seat.index < wanted_;
}

void ClosedExecutor::seat_vus(uint64_t wanted) {
  wanted_ = wanted;
  for (uint64_t i = seats_.size(); i < wanted_; ++i)
    seats_.emplace_back(*this).index = i;
  const uint64_t before = seated_;
  for (uint64_t i = 0; i < wanted_; ++i) {
    if (seats_[i].vu != nullptr) continue;
    seats_[i].vu = &context_.pool.acquire();
    ++seated_;
  }
  if (seated_ > before) context_.on_vus();
  for (Seat& seat : seats_) {
    if (seat.vu == nullptr || seat.running) continue;
    if (!seat.resting() || seat.index >= wanted) go_on(seat, context_.clock.now());
  }
}

void ClosedExecutor::cut_off(uint64_t held) {
  for (uint64_t i = held; i < seats_.size(); ++i) {
    if (seats_[i].running) seats_[i].vu->interrupt();
  }
}

// VUs come and go while it runs; the others are done when their iterations are.
bool ClosedExecutor::loops() const {
  const ExecutorConfig& config = context_.run.scenario.config;
  return std::holds_alternative<ConstantVus>(config) || std::holds_alternative<RampingVus>(config);
}

// Runs the VU until it waits for something. An iteration that ends within its start is followed by
// the next one here and not from within its own end, so that the stack does not grow.
void ClosedExecutor::go_on(Seat& seat, Instant now) {
  for (int i = 0; i < kIterationsPerTurn; ++i) {
    if (!starting() || !wants(seat, now)) return retire(seat);
    // Likewise at the end, but a late loop owes each VU its first iteration.
    if (!may_start() || (seat.iterations > 0 && over(now))) break;
    const auto number = next_number(seat);
    if (!number) return retire(seat);
    start_one(seat, *number, now);
    if (seat.running || seat.resting()) return;
    now = context_.clock.now();
  }
  rest(seat, now);
}

void ClosedExecutor::start_one(Seat& seat, uint64_t number, Instant now) {
  ++seat.iterations;
  ++running_;
  seat.started = now;
  seat.running = seat.starting = true;
  if (!start_iteration(*seat.vu, number, seat) && seat.running) {
    on_end(seat, IterationResult::kInterrupted);
  }
  seat.starting = false;
}

void ClosedExecutor::on_end(Seat& seat, IterationResult result) {
  seat.running = false;
  --running_;
  const Instant ended = record_end(*seat.vu, result, seat.started, std::nullopt);
  const Instant rested = rested_at(seat.started, result, ended);
  if (rested > ended && starting()) {
    rest(seat, rested);
  } else if (!seat.starting) {
    go_on(seat, ended);
  }
  maybe_done();
}

std::optional<uint64_t> ClosedExecutor::next_number(const Seat& seat) {
  const ExecutorConfig& config = context_.run.scenario.config;
  if (const auto* shared = std::get_if<SharedIterations>(&config)) {
    const uint64_t n = context_.progress.claim_iteration();
    return n < as_count(shared->iterations) ? std::optional(n) : std::nullopt;
  }
  if (const auto* each = std::get_if<PerVuIterations>(&config)) {
    if (seat.iterations == as_count(each->iterations)) return std::nullopt;
  }
  // Numbers of one worker never meet those of another, so no counter is shared for them.
  return context_.stripe.nth(numbered_++);
}

void ClosedExecutor::rest(Seat& seat, Instant until) {
  seat.rests_until = until;
  resting_.add(until, &seat);
  arm_resting();
}

void ClosedExecutor::arm_resting() {
  const auto next = resting_.next();
  if (next && may_start()) rest_timer_.start(*next);
}

void ClosedExecutor::wake_resting() {
  const Instant now = context_.clock.now();
  for (Seat* seat : resting_.take_due(now)) {
    // One that has retired meanwhile has left its place in the queue behind.
    if (!seat->resting() || seat->rests_until > now) continue;
    seat->rests_until = {};
    go_on(*seat, context_.clock.now());
  }
  arm_resting();
  maybe_done();
}

void ClosedExecutor::on_resume() {
  on_plan_timer();
  wake_resting();
}

void ClosedExecutor::retire(Seat& seat) {
  if (seat.vu == nullptr) return;
  seat.rests_until = {};
  context_.pool.release(*std::exchange(seat.vu, nullptr));
  if (--seated_ == 0 && !loops()) finish_early();
}

void ClosedExecutor::end_of_starts() {
  rest_timer_.stop();
  if (seats_.empty()) return;
  const ExecutorConfig& config = context_.run.scenario.config;
  uint64_t left = 0;
  if (const auto* shared = std::get_if<SharedIterations>(&config)) {
    left = context_.progress.claim_rest(as_count(shared->iterations));
  } else if (const auto* each = std::get_if<PerVuIterations>(&config)) {
    for (const Seat& seat : seats_)
      left += as_count(each->iterations) - seat.iterations;
  }
  context_.metrics.dropped(left, context_.clock.now());
  for (Seat& seat : seats_) {
    if (seat.resting()) retire(seat);
  }
}

void ClosedExecutor::interrupt_all() {
  for (Seat& seat : seats_) {
    if (seat.running) seat.vu->interrupt();
  }
}

}  // namespace perigee
