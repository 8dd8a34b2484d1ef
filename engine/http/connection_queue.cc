#include "engine/http/connection_queue.h"

#include <algorithm>
#include <utility>

#include "engine/http/exchange.h"

namespace perigee::http {

bool ConnectionQueue::host_allows(const Url& endpoint) const {
  const Host* host = find(endpoint);
  return host == nullptr || host->open < limits_.per_host;
}

void ConnectionQueue::opened(const std::shared_ptr<const Url>& endpoint) {
  ++open_;
  Host& host = host_of(endpoint);
  ++host.open;
  ++host.dials;
}

void ConnectionQueue::dialled(const Url& endpoint) {
  --find(endpoint)->dials;
}

uint32_t ConnectionQueue::streams(const Url& endpoint) const {
  const Host* host = find(endpoint);
  return host == nullptr ? streams_ : host->streams;
}

void ConnectionQueue::set_streams(const std::shared_ptr<const Url>& endpoint, uint32_t streams) {
  host_of(endpoint).streams = streams;
}

bool ConnectionQueue::expects_room(const Url& endpoint, size_t more) const {
  const Host* host = find(endpoint);
  // One that is being made has room for the request that it is made for, and for others.
  return host != nullptr && host->queue.size() + more <= host->dials * (host->streams - 1);
}

Exchange* ConnectionQueue::take_unreachable(const Url& endpoint) {
  Host* host = find(endpoint);
  if (host == nullptr || host->open > 0 || host->queue.empty()) return nullptr;
  Exchange* const exchange = host->queue.front().exchange;
  host->queue.pop_front();
  --waiting_;
  tidy(*host);
  return exchange;
}

void ConnectionQueue::closed(const Url& endpoint) {
  Host* host = find(endpoint);
  --open_;
  --host->open;
  tidy(*host);
}

void ConnectionQueue::enqueue(Exchange& exchange) {
  std::deque<Waiting>& queue = host_of(exchange.shared_endpoint()).queue;
  const Instant came = exchange.started();
  const auto place =
      std::upper_bound(queue.begin(), queue.end(), came,
                       [](Instant at, const Waiting& waiting) { return at < waiting.came; });
  queue.insert(place, {&exchange, came});
  ++waiting_;
}

void ConnectionQueue::dequeue(Exchange& exchange) {
  Host& host = host_of(exchange.shared_endpoint());
  const auto place =
      std::find_if(host.queue.begin(), host.queue.end(),
                   [&](const Waiting& waiting) { return waiting.exchange == &exchange; });
  host.queue.erase(place);
  --waiting_;
  tidy(host);
}

ConnectionQueue::Host& ConnectionQueue::host_of(const std::shared_ptr<const Url>& endpoint) {
  for (Host& known : hosts_) {
    if (same_origin(*known.origin, *endpoint)) return known;
  }
  return hosts_.emplace_back(Host{.origin = endpoint, .streams = streams_});
}

const ConnectionQueue::Host* ConnectionQueue::find(const Url& endpoint) const {
  const auto host = std::find_if(hosts_.begin(), hosts_.end(), [&](const Host& known) {
    return same_origin(*known.origin, endpoint);
  });
  return host == hosts_.end() ? nullptr : &*host;
}

ConnectionQueue::Host* ConnectionQueue::find(const Url& endpoint) {
  return const_cast<Host*>(std::as_const(*this).find(endpoint));
}

void ConnectionQueue::tidy(const Host& host) {
  if (host.open > 0 || !host.queue.empty()) return;
  hosts_.erase(hosts_.begin() + (&host - hosts_.data()));
}

}  // namespace perigee::http
