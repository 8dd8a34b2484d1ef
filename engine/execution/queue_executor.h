// The arrival rates with overload = "queue": an arrival that finds no idle VU starts late instead
// of not at all.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "engine/execution/arrival_executor.h"

namespace perigee {

// Arrivals start in their order, each on the first VU that has time. The queue is the part of the
// schedule that is due and that no worker has claimed, so it takes no memory however long it grows.
// What is still in it at the end is dropped and counted.
class QueueExecutor final : public ArrivalExecutor {
 public:
  explicit QueueExecutor(ExecutorContext context) : ArrivalExecutor(std::move(context)) {}

 protected:
  void on_due() override;
  void on_idle(Seat& seat) override;
  void end_of_starts() override;
  bool busy() const override { return running(); }

 private:
  void serve();
  bool find_vu(Instant now);
  std::optional<Instant> due(uint64_t n);
  void warn();

  std::optional<uint64_t> claimed_;  // the arrival that this worker starts next
  std::deque<Seat*> idle_;           // first in, first out, so that every VU gets its turn
  bool serving_ = false;
};

}  // namespace perigee
