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
    : network_(network),
      settings_(std::move(settings)),
      exchange_context_{.owner = *this,
                        .loop = loop,
                        .deadlines = deadlines,
                        .refused = refused_,
                        .debug = settings_.debug},
      connection_context_{.owner = *this,
                          .loop = loop,
                          .deadlines = deadlines,
                          .settings = settings_,
                          .http2_fields = http2_fields_} {}

Client::~Client() {
  PERIGEE_CHECK(free_.size() == exchanges_.size());
}

Exchange& Client::start(ConnectionPool& pool, const Request& request, ResponseSink& sink) {
  Exchange& exchange = take_exchange();
  const Instant now = exchange_context_.loop.now();
  if (!exchange.begin(pool, request, sink, now)) return exchange;
  if (!pool.queueing() && may_wait(exchange.request())) {
    pool.begin_queueing(settings_.connections, streams());
  }
  const Instant turn = settings_.rate == nullptr ? now : settings_.rate->reserve(now);
  if (turn > now) {
    exchange.send_at(turn);
  } else {
    exchange.send(now);
  }
  return exchange;
}

bool Client::cancel(Exchange& exchange) {
  const bool sent = exchange.cancel();
  std::erase(ended_, &exchange);
  ConnectionPool& pool = exchange.pool();
  recycle(exchange);
  serve_queue(pool);
  return sent;
}

Outcome Client::close(Exchange& exchange) {
  const Outcome outcome = exchange.progress(exchange_context_.loop.now());
  cancel(exchange);
  return outcome;
}

void Client::pause(Exchange& exchange) {
  exchange.pause();
}

void Client::resume(Exchange& exchange) {
  exchange.resume();
}

Error Client::prepare(const Request& request, PreparedRequest& prepared) {
  return prepared.prepare(request, settings_, network_.hosts(), heads_);
}

std::unique_ptr<Dial> Client::dial(ConnectionPool& pool, const PreparedRequest& request,
                                   DialEvents& events) {
  DialTarget target{.hop = request.shared_endpoint(),
                    .local = network_.local_address(pool.user()),
                    .tls = settings_.tls.get()};
  if (target.tls != nullptr && target.tls->resumes_sessions()) {
    target.sessions = &pool.tls_sessions();
  }
  if (request.endpoint().tls) target.protocols = protocols();
  if (request.tunnelled()) {
    target.hop = request.proxy()->url;
    target.beyond = request.url();
    target.authorization = request.proxy()->authorization;
  }
  return std::make_unique<Dial>(exchange_context_.loop, network_, exchange_context_.deadlines,
                                std::move(target), events);
}

Connection& Client::adopt(ConnectionPool& pool, const PreparedRequest& request,
                          std::unique_ptr<Stream> stream, bool counted) {
  const std::shared_ptr<const Url>& endpoint = request.shared_endpoint();
  return pool.opened(std::make_unique<Connection>(
      connection_context_, pool, endpoint, std::move(stream), keep_alives_.of(*endpoint), counted));
}

void Client::on_ended(Exchange& exchange) {
  ended_.push_back(&exchange);
}

void Client::end_event(ConnectionPool& pool) {
  serve_queue(pool);
  report_ended();
}

// Over TLS it shows whether the server speaks HTTP/2 only when a connection is there.
bool Client::may_wait(const PreparedRequest& request) const {
  return settings_.connections.any() || settings_.versions == HttpVersions::kHttp2 ||
         (settings_.versions == HttpVersions::kNegotiated && request.endpoint().tls);
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

void Client::serve_queue(ConnectionPool& pool) {
  if (!pool.has_queued()) return;
  const Instant now = exchange_context_.loop.now();
  while (Exchange* next = pool.next()) {
    if (!next->route(now)) return;
  }
}

void Client::report_ended() {
  while (!ended_.empty()) {
    Exchange& exchange = *ended_.front();
    ended_.erase(ended_.begin());
    const Outcome outcome = exchange.take_outcome();
    ResponseSink& sink = exchange.sink();
    recycle(exchange);
    sink.on_end(outcome);
  }
}

Exchange& Client::take_exchange() {
  if (free_.empty()) {
    exchanges_.push_back(std::make_unique<Exchange>(exchange_context_));
    free_.reserve(exchanges_.capacity());
    return *exchanges_.back();
  }
  Exchange& exchange = *free_.back();
  free_.pop_back();
  return exchange;
}

void Client::recycle(Exchange& exchange) {
  exchange.pool().leave();
  free_.push_back(&exchange);
}

}  // namespace perigee::http
