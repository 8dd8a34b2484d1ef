// Stands on the stack while an event of an exchange or a connection is handled, and does at its end
// what every event ends with.
#pragma once

#include "engine/http/exchange_owner.h"

namespace perigee::http {

// At its end the pool's queue is served, and then the ended exchanges are reported: a new request
// of a sink does not overtake those that wait. No session is at work by then, so that sinks may
// start and cancel exchanges and destroy pools and connections. Guards do not nest. The exchange or
// connection whose event it is may be gone before its guard is.
class EventGuard {
 public:
  EventGuard(ExchangeOwner& owner, ConnectionPool& pool) : owner_(owner), pool_(pool) {}
  ~EventGuard() { owner_.end_event(pool_); }
  EventGuard(const EventGuard&) = delete;
  EventGuard& operator=(const EventGuard&) = delete;

 private:
  ExchangeOwner& owner_;
  ConnectionPool& pool_;
};

}  // namespace perigee::http
