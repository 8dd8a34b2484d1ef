// constant-arrival-rate, ramping-arrival-rate: iterations start when they are due, on whichever VU
// is idle.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "engine/execution/arrival_schedule.h"
#include "engine/execution/executor.h"
#include "engine/execution/wake_queue.h"

namespace perigee {

// Arrival n belongs to worker n mod W. Without an idle VU there it goes to a worker that has one,
// else to a new VU (up to maxVUs over all workers), else it is dropped and counted.
class OpenExecutor final : public Executor {
 public:
  explicit OpenExecutor(ExecutorContext context);

  void take_over(uint64_t n, Instant due) override;
  void on_scheduled() override { maybe_done(); }
  uint64_t active_vus() const override { return done() ? 0 : seats_.size(); }

  // Arrivals due from `offset` on come at another rate. Every worker must be told the same.
  void change_rate(Duration offset, double rate, Duration unit);

 protected:
  void begin() override;
  void last_starts() override { on_due(); }
  void end_of_starts() override;
  void interrupt_all() override;
  void leave() override;
  bool busy() const override;
  void on_resume() override;

 private:
  struct Seat final : IterationListener {
    explicit Seat(OpenExecutor& executor) : owner(executor) {}
    void on_iteration_end(VirtualUser&, IterationResult result) override {
      owner.on_end(*this, result);
    }

    OpenExecutor& owner;
    VirtualUser* vu = nullptr;  // nothing once it is back in the pool
    Instant due{};
    Instant started{};
    bool running = false;
  };

  // Of the n-th arrival of this instance.
  std::optional<Duration> due_of(uint64_t n) const;
  void schedule_next();
  void on_due();
  void arrive(uint64_t n, Instant due);
  bool hand_over(uint64_t n, Instant due);
  bool start_unplanned(uint64_t n, Instant due);
  void start_idle(uint64_t n, Instant due);
  void start_on(Seat& seat, uint64_t n, Instant due);
  void on_end(Seat& seat, IterationResult result);
  void become_idle(Seat& seat);
  void wake_resting();
  void drop(Instant now);

  ArrivalSchedule schedule_;
  Timer timer_;
  uint64_t taken_ = 0;  // arrivals of this worker's stripe so far
  uint64_t running_ = 0;
  bool interrupted_ = false;  // what arrives now comes too late
  std::deque<Seat> seats_;
  WakeQueue<Seat*> resting_;  // for the minimum iteration duration
  Timer rest_timer_;
  std::deque<Seat*> idle_;  // first in, first out, so that every VU gets its turn
};

}  // namespace perigee
