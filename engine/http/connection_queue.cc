#include "engine/http/connection_queue.h"

#include <algorithm>

#include "engine/http/exchange.h"

namespace perigee::http {

bool ConnectionQueue::host_allows(const Url& hop) const {
  const Host* host = find(hop);
  return host == nullptr || host->open < limits_.per_host;
}

void ConnectionQueue::opened(const std::shared_ptr<const Url>& hop) {
  ++open_;
  ++host_of(hop).open;
}

void ConnectionQueue::closed(const Url& hop) {
  const auto host = std::find_if(hosts_.begin(), hosts_.end(), [&](const Host& known) {
    return same_origin(*known.origin, hop);
  });
  --open_;
  --host->open;
  tidy(*host);
}

void ConnectionQueue::join(Exchange& exchange) {
  host_of(exchange.shared_hop()).line.push_back({&exchange, came_++});
  ++waiting_;
}

void ConnectionQueue::leave(Exchange& exchange) {
  Host& host = host_of(exchange.shared_hop());
  const auto place = std::find_if(host.line.begin(), host.line.end(), [&](const Waiting& waiting) {
    return waiting.exchange == &exchange;
  });
  host.line.erase(place);
  --waiting_;
  tidy(host);
}

ConnectionQueue::Host& ConnectionQueue::host_of(const std::shared_ptr<const Url>& hop) {
  for (Host& known : hosts_) {
    if (same_origin(*known.origin, *hop)) return known;
  }
  return hosts_.emplace_back(Host{.origin = hop});
}

const ConnectionQueue::Host* ConnectionQueue::find(const Url& hop) const {
  const auto host = std::find_if(hosts_.begin(), hosts_.end(), [&](const Host& known) {
    return same_origin(*known.origin, hop);
  });
  return host == hosts_.end() ? nullptr : &*host;
}

void ConnectionQueue::tidy(const Host& host) {
  if (host.open > 0 || !host.line.empty()) return;
  hosts_.erase(hosts_.begin() + (&host - hosts_.data()));
}

}  // namespace perigee::http
