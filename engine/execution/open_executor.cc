#include "engine/execution/open_executor.h"

#include <utility>

#include <fmt/format.h>

namespace perigee {

OpenExecutor::OpenExecutor(ExecutorContext context)
    : ArrivalExecutor(std::move(context)),
      spare_timer_(context_.timers, [this] { make_spare(); }) {}

// The schedule is absolute: what a late loop has missed is started at once, one after the other.
void OpenExecutor::on_due() {
  const Instant now = context_.clock.now();
  while (may_start()) {
    const uint64_t n = context_.stripe.nth(taken_);
    const auto due = arrivals_.due(n);
    if (!due) return timer_.stop();
    if (at(*due) > now) return timer_.start(at(*due));
    ++taken_;
    arrive(n, at(*due));
  }
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

// An arrival that had to wait for its VU to be made will hardly be the last: another VU is made as
// soon as this iteration has been started, so that the next arrival need not wait.
bool OpenExecutor::start_unplanned(uint64_t n, Instant due) {
  Seat* seat = make_unplanned();
  if (seat == nullptr) return false;
  start_on(*seat, n, due);
  spare_timer_.start(context_.clock.now());
  return true;
}

void OpenExecutor::make_spare() {
  if (!may_start() || !idle_.empty()) return;
  if (Seat* seat = make_unplanned()) on_idle(*seat);
}

void OpenExecutor::on_idle(Seat& seat) {
  idle_.push_back(&seat);
  context_.progress.add_idle(context_.worker);
}

void OpenExecutor::start_idle(uint64_t n, Instant due) {
  Seat& seat = *idle_.front();
  idle_.pop_front();
  start_on(seat, n, due);
}

void OpenExecutor::take_over(uint64_t n, Instant due) {
  if (done() || interrupted_) return refuse();
  if (!paused()) return start_idle(n, due);
  held_.push_back({n, due, context_.clock.now()});
}

// The run was cut off while the arrival was on its way.
void OpenExecutor::refuse() {
  context_.progress.add_idle(context_.worker);
  context_.metrics.dropped(1, context_.clock.now());
  maybe_done();
}

// A pause is no delay: it moves what was due.
void OpenExecutor::on_resume() {
  const Instant now = context_.clock.now();
  for (const Held& arrival : std::exchange(held_, {}))
    start_idle(arrival.n, arrival.due + (now - arrival.since));
  ArrivalExecutor::on_resume();
}

void OpenExecutor::drop(Instant now) {
  context_.metrics.dropped(1, now);
  if (broken() || !context_.progress.warn_once()) return;
  context_.log.warning(fmt::format(
      "scenario {}: insufficient VUs, all {} are busy; arrivals are dropped until one is free "
      "(raise maxVUs)",
      context_.run.scenario.name, context_.run.scenario.max_vus()));
}

void OpenExecutor::end_of_starts() {
  timer_.stop();
  spare_timer_.stop();
  if (context_.progress.finish_scheduling()) context_.peers.announce_scheduled(context_.run.index);
}

void OpenExecutor::interrupt_all() {
  interrupted_ = true;
  ArrivalExecutor::interrupt_all();
  for (size_t i = std::exchange(held_, {}).size(); i > 0; --i)
    refuse();
  // Other workers may still be scheduling, but nothing starts here any more.
  leave();
}

// A VU that is idle but spoken for waits for an arrival that another worker has sent.
bool OpenExecutor::busy() const {
  const auto idle = static_cast<int64_t>(idle_.size());
  return running() || context_.progress.scheduling() ||
         idle != context_.progress.idle(context_.worker);
}

}  // namespace perigee
