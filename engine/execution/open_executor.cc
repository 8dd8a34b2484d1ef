#include "engine/execution/open_executor.h"

#include <exception>
#include <utility>

#include <fmt/format.h>

namespace perigee {

OpenExecutor::OpenExecutor(ExecutorContext context)
    : Executor(std::move(context)),
      schedule_(arrival_schedule(context_.run.scenario)),
      timer_(context_.timers, [this] { on_due(); }),
      rest_timer_(context_.timers, [this] { wake_resting(); }) {}

void OpenExecutor::begin() {
  const auto planned = static_cast<uint64_t>(context_.run.scenario.planned_vus());
  const uint64_t mine = context_.stripe.share(planned);
  for (uint64_t i = 0; i < mine; ++i) {
    Seat& seat = seats_.emplace_back(*this);
    seat.vu = &context_.pool.acquire();
    become_idle(seat);
  }
  on_due();
}

void OpenExecutor::change_rate(Duration offset, double rate, Duration unit) {
  schedule_.change_rate(offset, rate, unit);
  if (may_start()) schedule_next();
}

void OpenExecutor::on_resume() {
  if (may_start()) schedule_next();
}

std::optional<Duration> OpenExecutor::due_of(uint64_t n) const {
  return schedule_.due(context_.run.scenario.share.nth(n));
}

void OpenExecutor::schedule_next() {
  const auto due = due_of(context_.stripe.nth(taken_));
  if (due) timer_.start(at(*due));
}

// The schedule is absolute: what a late loop has missed is started at once, one after the other.
void OpenExecutor::on_due() {
  const Instant now = context_.clock.now();
  while (may_start()) {
    const uint64_t n = context_.stripe.nth(taken_);
    const auto due = due_of(n);
    if (!due || at(*due) > now) break;
    ++taken_;
    arrive(n, at(*due));
  }
  if (may_start()) schedule_next();
}

void OpenExecutor::arrive(uint64_t n, Instant due) {
  if (context_.progress.reserve_idle(context_.worker)) return start_idle(n, due);
  if (hand_over(n, due) || start_unplanned(n, due)) return;
  drop(context_.clock.now());
}

bool OpenExecutor::hand_over(uint64_t n, Instant due) {
  for (uint64_t step = 1; step < context_.stripe.count; ++step) {
    const size_t peer = (context_.worker + step) % context_.stripe.count;
    if (!context_.progress.reserve_idle(peer)) continue;
    context_.peers.hand_over(peer, context_.run.index, n, due);
    return true;
  }
  return false;
}

bool OpenExecutor::start_unplanned(uint64_t n, Instant due) {
  const int64_t most = context_.run.scenario.max_vus() - context_.run.scenario.planned_vus();
  if (!context_.progress.claim_unplanned(most)) return false;
  try {
    Seat& seat = seats_.emplace_back(*this);
    seat.vu = &context_.pool.acquire_unplanned();
    start_on(seat, n, due);
    return true;
  } catch (const std::exception& error) {
    seats_.pop_back();
    context_.log.limited(LogLevel::kError, "new VU",
                         fmt::format("cannot make a VU: {}", error.what()));
    return false;
  }
}

void OpenExecutor::start_idle(uint64_t n, Instant due) {
  Seat& seat = *idle_.front();
  idle_.pop_front();
  start_on(seat, n, due);
}

void OpenExecutor::start_on(Seat& seat, uint64_t n, Instant due) {
  seat.due = due;
  seat.started = context_.clock.now();
  seat.running = true;
  ++running_;
  record_start();
  seat.vu->start_iteration({&context_.run, n}, seat);
}

void OpenExecutor::on_end(Seat& seat, IterationResult result) {
  seat.running = false;
  --running_;
  const Instant ended = record_end(result, seat.started, seat.due);
  const Instant rested = rested_at(seat.started, result, ended);
  if (rested > ended) {
    resting_.add(rested, &seat);
    rest_timer_.start(*resting_.next());
  } else {
    become_idle(seat);
  }
  maybe_done();
}

void OpenExecutor::become_idle(Seat& seat) {
  idle_.push_back(&seat);
  context_.progress.add_idle(context_.worker);
}

void OpenExecutor::wake_resting() {
  for (Seat* seat : resting_.take_due(context_.clock.now()))
    become_idle(*seat);
  if (const auto next = resting_.next()) rest_timer_.start(*next);
}

void OpenExecutor::take_over(uint64_t n, Instant due) {
  if (phase_ != Phase::kDone && !interrupted_) return start_idle(n, due);
  // The run was cut off while the arrival was on its way.
  context_.progress.add_idle(context_.worker);
  context_.metrics.dropped(1, context_.clock.now());
  maybe_done();
}

void OpenExecutor::drop(Instant now) {
  context_.metrics.dropped(1, now);
  if (!context_.progress.warn_once()) return;
  context_.log.warning(fmt::format(
      "scenario {}: insufficient VUs, all {} are busy; arrivals are dropped until one is free "
      "(raise maxVUs)",
      context_.run.scenario.name, context_.run.scenario.max_vus()));
}

void OpenExecutor::end_of_starts() {
  timer_.stop();
  if (context_.progress.finish_scheduling()) context_.peers.announce_scheduled(context_.run.index);
}

void OpenExecutor::interrupt_all() {
  interrupted_ = true;
  for (Seat& seat : seats_) {
    if (seat.running) seat.vu->interrupt();
  }
  // Other workers may still be scheduling, but nothing starts here any more.
  leave();
}

void OpenExecutor::leave() {
  rest_timer_.stop();
  for (Seat& seat : seats_) {
    if (seat.vu != nullptr) context_.pool.release(*std::exchange(seat.vu, nullptr));
  }
}

// A VU that is idle but spoken for waits for an arrival that another worker has sent.
bool OpenExecutor::busy() const {
  const auto idle = static_cast<int64_t>(idle_.size());
  return running_ > 0 || context_.progress.scheduling() ||
         idle != context_.progress.idle(context_.worker);
}

}  // namespace perigee
