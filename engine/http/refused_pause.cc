#include "engine/http/refused_pause.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace perigee::http {

Duration RefusedPause::on_refused(Instant last, Instant now) {
  constexpr Duration kFirst = std::chrono::milliseconds(10);
  constexpr uint64_t kMostDoublings = 10;  // past the longest pause
  ++refused_;
  if (refused_ <= limits::kRefusals || last == Instant{}) return Duration::zero();
  const uint64_t hundreds = (refused_ - 1) / limits::kRefusals - 1;
  const Duration pause =
      std::min<Duration>(kFirst * (1 << std::min(hundreds, kMostDoublings)), limits::kRefusedPause);
  return now - last < pause ? pause : Duration::zero();
}

}  // namespace perigee::http
