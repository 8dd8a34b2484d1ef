// constant-vus, ramping-vus, shared-iterations, per-vu-iterations: a VU starts its next iteration
// when the last one has ended.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/execution/executor.h"
#include "engine/execution/vu_plan.h"
#include "engine/execution/wake_queue.h"

namespace perigee {

class ClosedExecutor final : public Executor {
 public:
  explicit ClosedExecutor(ExecutorContext context);

  uint64_t active_vus() const override { return seated_; }

  // Further VUs start at once, those that are too many stop when their iteration ends.
  void change(const ScenarioChange& change, Duration offset) override;

 protected:
  void begin() override;
  void end_of_starts() override;
  void interrupt_all() override;
  void leave() override { plan_timer_.stop(); }
  bool busy() const override { return running_ > 0; }
  void on_resume() override;

 private:
  // A VU and where it stands.
  struct Seat final : IterationListener {
    explicit Seat(ClosedExecutor& executor) : owner(executor) {}
    void on_iteration_end(VirtualUser&, IterationResult result) override {
      owner.on_end(*this, result);
    }

    ClosedExecutor& owner;
    uint64_t index = 0;         // among this worker's seats
    VirtualUser* vu = nullptr;  // null while the seat is not taken
    uint64_t iterations = 0;    // started so far
    Instant started{};
    Instant rests_until{};  // the epoch unless it is in `resting_`
    bool running = false;
    bool starting = false;  // `start_iteration` has not returned yet

    bool resting() const { return rests_until != Instant{}; }
  };

  bool loops() const;
  void follow_plan();
  void on_plan_timer();
  void seat_vus(uint64_t wanted);
  void cut_off(uint64_t held);
  uint64_t planned_at(Duration offset) const;
  bool wants(const Seat& seat, Instant now);
  void on_end(Seat& seat, IterationResult result);
  void go_on(Seat& seat, Instant now);
  void start_one(Seat& seat, uint64_t number, Instant now);
  std::optional<uint64_t> next_number(const Seat& seat);
  void rest(Seat& seat, Instant until);
  void arm_resting();
  void retire(Seat& seat);
  void wake_resting();

  VuPlan plan_;
  bool ramps_down_;  // the plan takes VUs away from iterations that go on for too long
  Timer plan_timer_;
  Instant plan_changes_ = Instant::max();  // next
  std::deque<Seat> seats_;
  WakeQueue<Seat*> resting_;  // until the next turn, or for the minimum iteration duration
  Timer rest_timer_;
  uint64_t numbered_ = 0;  // iterations that took a number of this worker's stripe
  uint64_t wanted_ = 0;    // seats from here on are given up when their iteration ends
  uint64_t running_ = 0;
  uint64_t seated_ = 0;  // seats whose VU is not back in the pool
};

}  // namespace perigee
