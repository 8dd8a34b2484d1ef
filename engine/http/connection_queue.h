// Which requests of a pool may have a new connection, where their number is limited or where one
// carries several requests, and which of them wait in queue.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <vector>

#include "engine/base/clock.h"
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

// Counts connections by the endpoints they lead to, and keeps a queue of exchanges for each of
// those. The exchange that was started first is served first, except where its host has no room.
class ConnectionQueue {
 public:
  // `streams`: requests that one connection is taken to carry until `set_streams` says so.
  ConnectionQueue(ConnectionLimits limits, uint32_t streams) : limits_(limits), streams_(streams) {}

  // Another connection may be opened to `endpoint`; `host_allows`: as far as that host goes.
  bool may_open(const Url& endpoint) const {
    return open_ < limits_.total && host_allows(endpoint);
  }
  bool host_allows(const Url& endpoint) const;
  // A connection is being made, has been made, and is gone; one that can't be made is both.
  void opened(const std::shared_ptr<const Url>& endpoint);
  void dialled(const Url& endpoint);
  void closed(const Url& endpoint);

  // How many requests one connection to `endpoint` carries at a time.
  uint32_t streams(const Url& endpoint) const;
  void set_streams(const std::shared_ptr<const Url>& endpoint, uint32_t streams);
  // The connections that are being made have room for the queued exchanges, and for `more`.
  bool expects_room(const Url& endpoint, size_t more) const;
  // Takes out the first exchange of those to `endpoint`, if no connection leads there any more, nor
  // is one being made; else null.
  Exchange* take_unreachable(const Url& endpoint);

  void enqueue(Exchange& exchange);
  void dequeue(Exchange& exchange);
  bool empty() const { return waiting_ == 0; }

  // Takes the exchange out that came first of those that `can_start`; null if there is none. Asks
  // for the first of each host only.
  template <typename CanStart>
  Exchange* take_first(CanStart can_start);

 private:
  struct Waiting {
    Exchange* exchange;
    Instant came;  // when it was started, also if it has to wait again
  };
  struct Host {
    std::shared_ptr<const Url> origin;
    uint32_t streams = 1;
    size_t open = 0;
    size_t dials = 0;  // of those that are open
    std::deque<Waiting> queue{};
  };

  Host& host_of(const std::shared_ptr<const Url>& endpoint);
  const Host* find(const Url& endpoint) const;
  Host* find(const Url& endpoint);
  // Forgets a host that nothing leads to and nobody waits for.
  void tidy(const Host& host);

  const ConnectionLimits limits_;
  const uint32_t streams_;
  std::vector<Host> hosts_;
  size_t open_ = 0;
  size_t waiting_ = 0;
};

template <typename CanStart>
Exchange* ConnectionQueue::take_first(CanStart can_start) {
  Host* first = nullptr;
  for (Host& host : hosts_) {
    if (host.queue.empty()) continue;
    if (first != nullptr && first->queue.front().came <= host.queue.front().came) continue;
    if (can_start(*host.origin)) first = &host;
  }
  if (first == nullptr) return nullptr;
  Exchange* const exchange = first->queue.front().exchange;
  first->queue.pop_front();
  --waiting_;
  return exchange;
}

}  // namespace perigee::http
