// What the executors of open models have in common: VUs that wait for arrivals.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/execution/arrivals.h"
#include "engine/execution/executor.h"
#include "engine/execution/wake_queue.h"

namespace perigee {

class ArrivalExecutor : public Executor {
 public:
  uint64_t active_vus() const final { return running_; }

  // `offset` must not lie before that of an earlier change.
  void change(const ScenarioChange& change, Duration offset) override;

 protected:
  // A VU and the iteration it has.
  struct Seat final : IterationListener {
    explicit Seat(ArrivalExecutor& executor) : owner(executor) {}
    void on_iteration_end(VirtualUser&, IterationResult result) override {
      owner.on_end(*this, result);
    }

    ArrivalExecutor& owner;
    VirtualUser* vu = nullptr;  // nothing once it is back in the pool
    Instant due{};
    Instant started{};
    bool running = false;
  };

  explicit ArrivalExecutor(ExecutorContext context);

  // Starts what is due and sets the timer for what is next.
  virtual void on_due() = 0;
  // The VU may have the next arrival.
  virtual void on_idle(Seat& seat) = 0;

  void begin() override;
  void last_starts() override { on_due(); }
  void interrupt_all() override;
  void leave() override;
  void on_resume() override;
  bool running() const { return running_ > 0; }

  // A VU in addition to the planned ones; null if there may be none, or if it can't be made, which
  // ends the run.
  Seat* make_unplanned();
  void start_on(Seat& seat, uint64_t n, Instant due);

  Arrivals arrivals_;
  Timer timer_;  // calls `on_due`

 private:
  void on_end(Seat& seat, IterationResult result);
  void wake_resting();

  uint64_t running_ = 0;
  std::deque<Seat> seats_;
  WakeQueue<Seat*> resting_;  // for the minimum iteration duration
  Timer rest_timer_;
};

}  // namespace perigee
