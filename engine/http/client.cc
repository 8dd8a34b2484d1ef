#include "engine/http/client.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/rate_limit.h"
#include "engine/http/connection.h"
#include "engine/http/connection_pool.h"
#include "engine/http/dial.h"
#include "engine/http/exchange.h"

namespace perigee::http {

Client::Client(Loop& loop, Network& network, Deadlines& deadlines, ClientSettings settings)
    : loop_(loop), network_(network), deadlines_(deadlines), settings_(std::move(settings)) {}

Client::~Client() {
  PERIGEE_CHECK(free_.size() == exchanges_.size());
}

Exchange& Client::start(ConnectionPool& pool, const Request& request, ResponseSink& sink) {
  Exchange& exchange = take_exchange();
  const Instant now = loop_.now();
  if (Error refusal = exchange.begin(pool, request, sink, now)) {
    // Reported on a later turn, as everything is.
    exchange.end_later(std::move(refusal), exchange.refused_pause(now), now);
    return exchange;
  }
  const Instant turn = settings_.rate == nullptr ? now : settings_.rate->reserve(now);
  if (turn > now) {
    exchange.wait_until(turn);
  } else {
    send(exchange, now);
  }
  return exchange;
}

void Client::send(Exchange& exchange, Instant now) {
  deadlines_.arm(exchange, exchange.timeout_, now);
  ConnectionPool& pool = *exchange.pool_;
  if (!pool.queueing() && may_wait(exchange)) pool.begin_queueing(settings_.connections, streams());
  route(exchange, now);
}

// Over TLS it shows whether the server speaks HTTP/2 only when a connection is there.
bool Client::may_wait(const Exchange& exchange) const {
  return settings_.connections.any() || settings_.versions == HttpVersions::kHttp2 ||
         (settings_.versions == HttpVersions::kNegotiated && exchange.endpoint().tls);
}

std::vector<std::string_view> Client::protocols() const {
  if (settings_.versions == HttpVersions::kHttp2) return {"h2"};
  if (settings_.versions == HttpVersions::kNegotiated) return {"h2", "http/1.1"};
  return {};
}

uint32_t Client::streams() const {
  if (settings_.versions != HttpVersions::kHttp2) return 1;
  return std::min(limits::kExpectedStreams, settings_.streams_per_connection);
}

bool Client::route(Exchange& exchange, Instant now) {
  ConnectionPool& pool = *exchange.pool_;
  const ConnectionPool::Kept kept = pool.acquire(exchange.endpoint(), exchange.repeatable_, now);
  if (kept.connection != nullptr) {
    exchange.submit_to(*kept.connection, now);
    return true;
  }
  if (kept.settled != Instant{}) {
    exchange.wait_to_settle(kept.settled);
    return true;
  }
  if (!pool.make_room(exchange.endpoint())) {
    exchange.enqueue();
    return false;
  }
  dial(exchange);
  return true;
}

void Client::serve_queue(ConnectionPool& pool) {
  if (!pool.has_queued()) return;
  const Instant now = loop_.now();
  while (Exchange* next = pool.next()) {
    next->queued_ = false;
    if (!route(*next, now)) return;
  }
}

void Client::send_again(Exchange& exchange) {
  if (exchange.pool_->streams(exchange.endpoint()) > 1) {
    exchange.enqueue();  // in the queue that is served when the event at hand has been dealt with
  } else {
    // Another kept connection may be as dead as this one was.
    dial(exchange);
  }
}

bool Client::cancel(Exchange& exchange) {
  const bool sent = exchange.sent_ != Instant{};
  exchange.disarm();
  exchange.stop_waiting();
  exchange.leave_connection();
  std::erase(ended_, &exchange);
  ConnectionPool& pool = *exchange.pool_;
  recycle(exchange);
  serve_queue(pool);
  return sent;
}

Outcome Client::close(Exchange& exchange) {
  // One that has ended knows its end already.
  if (exchange.outcome_.ended == Instant{}) {
    exchange.outcome_.ended = loop_.now();
    exchange.close_timings(exchange.outcome_.ended);
  }
  const Outcome outcome = exchange.outcome_;
  cancel(exchange);
  return outcome;
}

void Client::pause(Exchange& exchange) {
  if (exchange.connection_ != nullptr) exchange.connection_->pause(exchange);
}

void Client::resume(Exchange& exchange) {
  if (exchange.connection_ != nullptr) exchange.connection_->resume(exchange);
}

Exchange& Client::take_exchange() {
  if (free_.empty()) {
    exchanges_.push_back(std::make_unique<Exchange>(*this));
    free_.reserve(exchanges_.capacity());
    return *exchanges_.back();
  }
  Exchange& exchange = *free_.back();
  free_.pop_back();
  return exchange;
}

void Client::dial(Exchange& exchange) {
  exchange.counted_ = exchange.pool_->dial_started(exchange.shared_endpoint());
  DialTarget target{.hop = exchange.shared_endpoint(),
                    .local = network_.local_address(exchange.pool_->user()),
                    .tls = settings_.tls.get()};
  if (target.tls != nullptr && target.tls->resumes_sessions()) {
    target.sessions = &exchange.pool_->tls_sessions();
  }
  if (exchange.endpoint().tls) target.protocols = protocols();
  if (exchange.proxy_ != nullptr && exchange.url_->tls) {
    target.hop = exchange.proxy_->url;
    target.beyond = exchange.url_;
    target.authorization = exchange.proxy_->authorization;
  }
  exchange.dial_ = std::make_unique<Dial>(loop_, network_, deadlines_, std::move(target), exchange);
}

void Client::adopt(Exchange& exchange, Dialled dialled) {
  ConnectionPool& pool = *exchange.pool_;
  const bool counted = std::exchange(exchange.counted_, false);
  if (counted) pool.dial_succeeded(exchange.endpoint());
  Connection& connection = pool.opened(std::make_unique<Connection>(
      *this, pool, exchange.shared_endpoint(), std::move(dialled.stream), counted));
  exchange.outcome_.timings.connecting = dialled.connecting;
  exchange.outcome_.timings.tls_handshaking = dialled.tls_handshaking;
  exchange.submit_to(connection, dialled.at);
  connection.share();
  serve_queue(pool);
}

void Client::queue_ended(Exchange& exchange) {
  ended_.push_back(&exchange);
}

void Client::tell_ended() {
  while (!ended_.empty()) {
    Exchange& exchange = *ended_.front();
    ended_.erase(ended_.begin());
    const Outcome outcome = std::move(exchange.outcome_);
    ResponseSink& sink = *exchange.sink_;
    recycle(exchange);
    sink.on_end(outcome);
  }
}

void Client::recycle(Exchange& exchange) {
  exchange.pool_->leave();
  free_.push_back(&exchange);
}

}  // namespace perigee::http
