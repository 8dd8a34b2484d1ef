#include "engine/http/keep_alive.h"

#include <algorithm>

#include <fmt/format.h>

namespace perigee::http {
namespace {

// A server that restarts closes connections behind responses, too: it is trusted again after some
// that it has kept, after more of them each time that it has not.
constexpr uint32_t kProofs = 10;
constexpr uint32_t kMaxClosings = 6;

uint32_t proofs_after(uint32_t closings) {
  uint32_t proofs = 1;
  for (uint32_t i = 0; i < closings; ++i)
    proofs *= kProofs;
  return proofs;
}

}  // namespace

void KeepAlive::note_kept(Framing framing) {
  Record& record = of(framing);
  if (record.proofs_left > 0) --record.proofs_left;
}

void KeepAlive::note_closed(Framing framing, Duration behind) {
  if (behind > kRightBehind) return;
  Record& record = of(framing);
  // The connections that a server closes at one time count once.
  if (habit(framing) != Habit::kCloses) {
    record.closings = std::min(record.closings + 1, kMaxClosings);
  }
  record.proofs_left = proofs_after(record.closings);
  record.settling = std::max(record.settling, 2 * behind);
}

std::shared_ptr<KeepAlive> KeepAlives::of(const Url& origin) {
  const std::string name = fmt::format("{}:{}:{}", origin.tls, origin.host, origin.port);
  if (const auto known = servers_.find(name); known != servers_.end()) return known->second;
  // Past the limit all are forgotten: their connections go on with what they have.
  if (servers_.size() >= kMaxServers) servers_.clear();
  return servers_.emplace(name, std::make_shared<KeepAlive>()).first->second;
}

}  // namespace perigee::http
