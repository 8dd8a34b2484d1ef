#include "engine/execution/arrival_executor.h"

#include <exception>
#include <utility>

namespace perigee {

ArrivalExecutor::ArrivalExecutor(ExecutorContext context)
    : Executor(std::move(context)),
      arrivals_(context_.run.scenario),
      timer_(context_.timers, [this] { on_due(); }),
      rest_timer_(context_.timers, [this] { wake_resting(); }) {}

void ArrivalExecutor::begin() {
  const auto planned = static_cast<uint64_t>(context_.run.scenario.planned_vus());
  const uint64_t mine = context_.stripe.share(planned);
  for (uint64_t i = 0; i < mine; ++i)
    seats_.emplace_back(*this).vu = &context_.pool.acquire();
  context_.on_vus();
  for (Seat& seat : seats_)
    on_idle(seat);
  on_due();
}

void ArrivalExecutor::change(const ScenarioChange& change, Duration offset) {
  if (!change.rate) return;
  arrivals_.change_rate(offset, *change.rate, time_unit(context_.run.scenario));
  if (may_start()) on_due();
}

void ArrivalExecutor::on_resume() {
  if (may_start()) on_due();
}

ArrivalExecutor::Seat* ArrivalExecutor::make_unplanned() {
  if (broken()) return nullptr;
  const Scenario& scenario = context_.run.scenario;
  if (!context_.progress.claim_unplanned(scenario.max_vus() - scenario.planned_vus())) {
    return nullptr;
  }
  try {
    VirtualUser& vu = context_.pool.acquire_unplanned();
    Seat& seat = seats_.emplace_back(*this);
    seat.vu = &vu;
    context_.on_vus();
    return &seat;
  } catch (const std::exception& error) {
    fail(error.what());
    return nullptr;
  }
}

void ArrivalExecutor::start_on(Seat& seat, uint64_t n, Instant due) {
  seat.due = due;
  seat.started = context_.clock.now();
  seat.running = true;
  ++running_;
  if (!start_iteration(*seat.vu, n, seat) && seat.running) {
    on_end(seat, IterationResult::kInterrupted);
  }
}

void ArrivalExecutor::on_end(Seat& seat, IterationResult result) {
  seat.running = false;
  --running_;
  const Instant ended = record_end(*seat.vu, result, seat.started, seat.due);
  const Instant rested = rested_at(seat.started, result, ended);
  if (rested > ended) {
    resting_.add(rested, &seat);
    rest_timer_.start(*resting_.next());
  } else {
    on_idle(seat);
  }
  maybe_done();
}

void ArrivalExecutor::wake_resting() {
  for (Seat* seat : resting_.take_due(context_.clock.now()))
    on_idle(*seat);
  if (const auto next = resting_.next()) rest_timer_.start(*next);
}

void ArrivalExecutor::interrupt_all() {
  for (Seat& seat : seats_) {
    if (seat.running) seat.vu->interrupt();
  }
}

void ArrivalExecutor::leave() {
  timer_.stop();
  rest_timer_.stop();
  for (Seat& seat : seats_) {
    if (seat.vu != nullptr) context_.pool.release(*std::exchange(seat.vu, nullptr));
  }
}

}  // namespace perigee
