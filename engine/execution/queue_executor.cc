#include "engine/execution/queue_executor.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace perigee {
namespace {

// Iterations that end at once may start without the loop getting its turn.
constexpr size_t kStartsPerTurn = 64;

}  // namespace

void QueueExecutor::on_due() {
  serving_ = true;
  serve();
  serving_ = false;
}

// An iteration that ends within its start is followed by the next one from the loop of `serve`.
void QueueExecutor::on_idle(Seat& seat) {
  idle_.push_back(&seat);
  if (!serving_ && may_start()) on_due();
}

std::optional<Instant> QueueExecutor::due(uint64_t n) {
  const auto offset = arrivals_.due(n);
  return offset ? std::optional(at(*offset)) : std::nullopt;
}

// A worker claims an arrival only if it has a VU for it, and no more than one ahead: what others
// could do sooner is left to them.
void QueueExecutor::serve() {
  for (size_t left = std::max(kStartsPerTurn, idle_.size()); left > 0; --left) {
    const Instant now = context_.clock.now();
    if (!may_start() || (!claimed_ && !find_vu(now))) return;
    if (!claimed_) claimed_ = context_.progress.claim_iteration();
    const auto next = due(*claimed_);
    if (!next) return timer_.stop();
    if (*next > now) return timer_.start(*next);
    Seat& seat = *idle_.front();
    idle_.pop_front();
    start_on(seat, *std::exchange(claimed_, std::nullopt), *next);
  }
  timer_.start(context_.clock.now());
}

// Without an idle VU the worker watches the next arrival that nobody has claimed, and makes a VU
// when that is due.
bool QueueExecutor::find_vu(Instant now) {
  if (!idle_.empty()) return true;
  const auto next = due(context_.progress.next_iteration());
  if (!next) return false;
  if (*next > now) {
    timer_.start(*next);
    return false;
  }
  Seat* seat = make_unplanned();
  if (seat == nullptr) {
    warn();
    return false;
  }
  idle_.push_back(seat);
  return true;
}

void QueueExecutor::warn() {
  if (broken() || !context_.progress.warn_once()) return;
  context_.log.warning(fmt::format(
      "scenario {}: insufficient VUs, all {} are busy; arrivals start late (raise maxVUs; "
      "iteration_latency counts the wait)",
      context_.run.scenario.name, context_.run.scenario.max_vus()));
}

void QueueExecutor::end_of_starts() {
  timer_.stop();
  const Instant now = context_.clock.now();
  uint64_t left = 0;
  while (true) {
    const uint64_t n =
        claimed_ ? *std::exchange(claimed_, std::nullopt) : context_.progress.claim_iteration();
    const auto was_due = due(n);
    if (!was_due || *was_due > now) break;
    ++left;
  }
  context_.metrics.dropped(left, now);
}

}  // namespace perigee
