#include "engine/execution/end_at_once.h"

#include <unistd.h>

namespace perigee {

void end_at_once(Log& log) {
  constexpr int kExternalAbort = 105;
  log.error("aborted at once by a second signal; outputs may be incomplete");
  _exit(kExternalAbort);
}

}  // namespace perigee
