// Which requests of a pool may have a new connection, where their number is limited, and which of
// them wait in line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <vector>

#include "engine/http/url.h"

namespace perigee::http {

class Exchange;

// How many connections may be open, those that are being made included.
struct ConnectionLimits {
  static constexpr size_t kNone = std::numeric_limits<size_t>::max();
  size_t total = kNone;
  size_t per_host = kNone;

  bool any() const { return total != kNone || per_host != kNone; }
};

// Counts connections by what they lead to, and keeps a line of exchanges for each of those. Who
// came first is served first, but for those whose host has no room.
class ConnectionQueue {
 public:
  explicit ConnectionQueue(ConnectionLimits limits) : limits_(limits) {}

  // Another connection may be opened to `hop`; `host_allows`: as far as that host goes.
  bool may_open(const Url& hop) const { return open_ < limits_.total && host_allows(hop); }
  bool host_allows(const Url& hop) const;
  void opened(const std::shared_ptr<const Url>& hop);
  void closed(const Url& hop);

  void join(Exchange& exchange);
  void leave(Exchange& exchange);
  bool empty() const { return waiting_ == 0; }

  // Takes the exchange out that came first of those that `can_start`; null if there is none. Asks
  // for the first of each line only.
  template <typename CanStart>
  Exchange* take_first(CanStart can_start);

 private:
  struct Waiting {
    Exchange* exchange;
    uint64_t number;  // in the order of coming
  };
  struct Host {
    std::shared_ptr<const Url> origin;
    size_t open = 0;
    std::deque<Waiting> line{};
  };

  Host& host_of(const std::shared_ptr<const Url>& hop);
  const Host* find(const Url& hop) const;
  // Forgets a host that nothing leads to and nobody waits for.
  void tidy(const Host& host);

  const ConnectionLimits limits_;
  std::vector<Host> hosts_;
  size_t open_ = 0;
  size_t waiting_ = 0;
  uint64_t came_ = 0;
};

template <typename CanStart>
Exchange* ConnectionQueue::take_first(CanStart can_start) {
  Host* first = nullptr;
  for (Host& host : hosts_) {
    if (host.line.empty()) continue;
    if (first != nullptr && first->line.front().number < host.line.front().number) continue;
    if (can_start(*host.origin)) first = &host;
  }
  if (first == nullptr) return nullptr;
  Exchange* const exchange = first->line.front().exchange;
  first->line.pop_front();
  --waiting_;
  return exchange;
}

}  // namespace perigee::http
