#include "engine/http/client.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/http/connection.h"
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
  if (!exchange.pool_->queue_ && may_wait(exchange)) {
    exchange.pool_->queue_ = std::make_unique<ConnectionQueue>(settings_.connections, streams());
  }
  route(exchange, now);
}

// Over TLS it shows whether the server speaks HTTP/2 only when a connection is there.
bool Client::may_wait(const Exchange& exchange) const {
  return settings_.connections.any() || settings_.versions == HttpVersions::kHttp2 ||
         (settings_.versions == HttpVersions::kNegotiated && exchange.hop().tls);
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
  const ConnectionPool::Kept kept = pool.take(exchange.hop(), exchange.repeatable_, now);
  if (kept.connection != nullptr) {
    exchange.submit_to(*kept.connection, now);
    return true;
  }
  if (kept.settled != Instant{}) {
    exchange.wait_to_settle(kept.settled);
    return true;
  }
  if (pool.queue_ &&
      (pool.queue_->expects_room(exchange.hop(), 1) || !pool.make_room(exchange.hop()))) {
    exchange.join_line();
    return false;
  }
  dial(exchange);
  return true;
}

void Client::serve_line(ConnectionPool& pool) {
  if (!pool.queue_ || pool.queue_->empty()) return;
  const Instant now = loop_.now();
  while (Exchange* next = pool.next_in_line()) {
    next->in_line_ = false;
    if (!route(*next, now)) return;
  }
}

void Client::send_again(Exchange& exchange) {
  const ConnectionQueue* queue = exchange.pool_->queue_.get();
  if (queue != nullptr && queue->streams(exchange.hop()) > 1) {
    exchange.join_line();  // which is served when the event at hand has been dealt with
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
  serve_line(pool);
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
  exchange.counted_ = exchange.pool_->queue_ != nullptr;
  if (exchange.counted_) exchange.pool_->queue_->opened(exchange.shared_hop());
  DialTarget target{.hop = exchange.shared_hop(),
                    .local = network_.local_address(exchange.pool_->user_),
                    .tls = settings_.tls.get()};
  if (target.tls != nullptr && target.tls->resumes_sessions()) {
    target.sessions = &exchange.pool_->tls_sessions_;
  }
  if (exchange.hop().tls) target.protocols = protocols();
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
  if (counted) pool.queue_->dialled(exchange.hop());
  Connection& connection = pool.add(std::make_unique<Connection>(
      *this, pool, exchange.shared_hop(), std::move(dialled.stream), counted));
  exchange.outcome_.timings.connecting = dialled.connecting;
  exchange.outcome_.timings.tls_handshaking = dialled.tls_handshaking;
  exchange.submit_to(connection, dialled.at);
  connection.share();
  serve_line(pool);
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
  --exchange.pool_->exchanges_;
  free_.push_back(&exchange);
}

}  // namespace perigee::http
