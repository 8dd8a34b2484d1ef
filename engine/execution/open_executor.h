// constant-arrival-rate, ramping-arrival-rate: iterations start when they are due, on whichever VU
// is idle, or not at all.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "engine/execution/arrival_executor.h"

namespace perigee {

// Arrival n belongs to worker n mod W. Without an idle VU there it goes to a worker that has one,
// else to a new VU (up to maxVUs over all workers), else it is dropped and counted.
class OpenExecutor final : public ArrivalExecutor {
 public:
  explicit OpenExecutor(ExecutorContext context);

  void take_over(uint64_t n, Instant due) override;
  void on_scheduled() override { maybe_done(); }

 protected:
  void on_due() override;
  void on_idle(Seat& seat) override;
  void end_of_starts() override;
  void interrupt_all() override;
  void on_resume() override;
  bool busy() const override;

 private:
  // An arrival that another worker has sent while the run is paused.
  struct Held {
    uint64_t n;
    Instant due;
    Instant since;
  };

  void arrive(uint64_t n, Instant due);
  bool hand_over(uint64_t n, Instant due);
  bool start_unplanned(uint64_t n, Instant due);
  void make_spare();
  void start_idle(uint64_t n, Instant due);
  void refuse();
  void drop(Instant now);

  uint64_t taken_ = 0;        // arrivals of this worker's stripe so far
  bool interrupted_ = false;  // what arrives now comes too late
  std::deque<Seat*> idle_;    // first in, first out, so that every VU gets its turn
  std::vector<Held> held_;
  Timer spare_timer_;
};

}  // namespace perigee
