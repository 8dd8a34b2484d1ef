#include "engine/http/connection_queue.h"

#include <algorithm>
#include <utility>

#include "engine/http/exchange.h"

namespace perigee::http {

bool ConnectionQueue::host_allows(const Url& hop) const {
  const Host* host = find(hop);
  return host == nullptr || host->open < limits_.per_host;
}

void ConnectionQueue::opened(const std::shared_ptr<const Url>& hop) {
  ++open_;
  Host& host = host_of(hop);
  ++host.open;
  ++host.dials;
}

void ConnectionQueue::dialled(const Url& hop) {
  --find(hop)->dials;
}

uint32_t ConnectionQueue::streams(const Url& hop) const {
  const Host* host = find(hop);
  return host == nullptr ? streams_ : host->streams;
}

void ConnectionQueue::set_streams(const std::shared_ptr<const Url>& hop, uint32_t streams) {
  host_of(hop).streams = streams;
}

bool ConnectionQueue::expects_room(const Url& hop, size_t more) const {
  const Host* host = find(hop);
  // One that is being made has room for the request that it is made for, and for others.
  return host != nullptr && host->line.size() + more <= host->dials * (host->streams - 1);
}

Exchange* ConnectionQueue::take_hopeless(const Url& hop) {
  Host* host = find(hop);
  if (host == nullptr || host->open > 0 || host->line.empty()) return nullptr;
  Exchange* const exchange = host->line.front().exchange;
  host->line.pop_front();
  --waiting_;
  tidy(*host);
  return exchange;
}

void ConnectionQueue::closed(const Url& hop) {
  Host* host = find(hop);
  --open_;
  --host->open;
  tidy(*host);
}

void ConnectionQueue::join(Exchange& exchange) {
  std::deque<Waiting>& line = host_of(exchange.shared_hop()).line;
  const Instant came = exchange.started();
  const auto place =
      std::upper_bound(line.begin(), line.end(), came,
                       [](Instant at, const Waiting& waiting) { return at < waiting.came; });
  line.insert(place, {&exchange, came});
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
  return hosts_.emplace_back(Host{.origin = hop, .streams = streams_});
}

const ConnectionQueue::Host* ConnectionQueue::find(const Url& hop) const {
  const auto host = std::find_if(hosts_.begin(), hosts_.end(), [&](const Host& known) {
    return same_origin(*known.origin, hop);
  });
  return host == hosts_.end() ? nullptr : &*host;
}

ConnectionQueue::Host* ConnectionQueue::find(const Url& hop) {
  return const_cast<Host*>(std::as_const(*this).find(hop));
}

void ConnectionQueue::tidy(const Host& host) {
  if (host.open > 0 || !host.line.empty()) return;
  hosts_.erase(hosts_.begin() + (&host - hosts_.data()));
}

}  // namespace perigee::http
