// Tells when something that should move has stood still for too long.
#pragma once

#include <cstdint>

#include "engine/base/clock.h"

namespace perigee {

class StallWatch {
 public:
  explicit StallWatch(Duration patience) : patience_(patience) {}

  // `progress` is a count that grows with what is done; `busy` is whether it should. True once that
  // has been without change for as long as the patience lasts.
  bool stalled(uint64_t progress, bool busy, Instant now) {
    if (!busy || since_ == Instant{} || progress != progress_) {
      progress_ = progress;
      since_ = now;
    }
    return now - since_ >= patience_;
  }

 private:
  Duration patience_;
  uint64_t progress_ = 0;
  Instant since_{};
};

}  // namespace perigee
