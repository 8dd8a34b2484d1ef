// When what a run measures is pushed again.
#pragma once

#include <chrono>

#include "engine/base/clock.h"

namespace perigee::exports {

class PushInterval {
 public:
  explicit PushInterval(Duration length) : length_(length) {}

  // A first push is due an interval after this; without it, at once.
  void begin(Instant at) { last_push_ = at; }

  // The run's figures are those of this moment. Whether a push is due.
  bool update(Instant at) {
    last_update_ = at;
    return last_push_ == Instant{} || at - last_push_ + kSlack >= length_;
  }
  // The figures are pushed as they were last updated.
  void push() { last_push_ = last_update_; }

  Instant last_update() const { return last_update_; }
  // Whether something was updated that was not pushed.
  bool has_unpushed() const { return last_update_ != Instant{} && last_push_ != last_update_; }

 private:
  // Updates come once a second, now a little early and now a little late.
  static constexpr Duration kSlack = std::chrono::milliseconds(500);

  Duration length_;
  Instant last_update_{};
  Instant last_push_{};
};

}  // namespace perigee::exports
