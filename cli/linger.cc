#include "cli/linger.h"

#include "engine/base/log.h"
#include "engine/loop/signals.h"

namespace perigee {

void linger(Log& log) {
  Loop loop;
  const Signals signals(loop, [&loop](int) { loop.stop(); });
  log.info("the run is over; lingering until Ctrl+C");
  loop.run();
}

}  // namespace perigee
