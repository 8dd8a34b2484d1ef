#include "engine/http/retry.h"

#include <cerrno>

#include "engine/base/limits.h"
#include "engine/net/stream.h"

namespace perigee::http {

// What the server's system had not acknowledged when the server closed its side in order came too
// late for the program, and a server that has closed its side processes nothing more (RFC 9112,
// 9.6). A reset alone proves nothing: it can overtake the acknowledgement of what the program has
// read.
bool is_untaken(const Stream& stream, uint64_t mark, int error) {
  if (stream.bytes_sent() == mark) return true;
  const bool closed_in_order = error == 0 || error == EPIPE || error == ECONNABORTED;
  return closed_in_order && stream.untaken_since(mark);
}

bool may_send_again(const LostRequest& lost) {
  return lost.kept && !lost.responded && (lost.repeatable || lost.untaken) &&
         lost.losses < kLostResends;
}

bool may_send_unprocessed_again(uint32_t retries, bool fruitless) {
  return retries < (fruitless ? limits::kFruitlessResends : limits::kResends);
}

}  // namespace perigee::http
