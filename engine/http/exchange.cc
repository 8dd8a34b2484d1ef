#include "engine/http/exchange.h"

#include <algorithm>
#include <utility>

#include "engine/http/client.h"
#include "engine/http/connection.h"
#include "engine/http/connection_pool.h"
#include "engine/http/dial.h"
#include "engine/http/errors.h"
#include "engine/http/request_head.h"

namespace perigee::http {

Exchange::Exchange(Client& client) : client_(client) {}

Exchange::~Exchange() = default;

Error Exchange::begin(ConnectionPool& pool, const Request& request, ResponseSink& sink,
                      Instant now) {
  pool_ = &pool;
  pool.join();
  sink_ = &sink;
  // Mostly the same as last time, and counting references costs more than looking.
  if (url_ != request.url) url_ = request.url;
  body_ = request.body;
  source_ = request.source;
  timeout_ = request.timeout;
  ready_ = sent_ = answered_ = {};
  outcome_ = {};
  outcome_.started = now;
  const ClientSettings& settings = client_.settings_;
  proxy_ = settings.proxies.proxy_for(*url_);
  if (Error error = refusal()) return error;
  const RequestHead& head = client_.heads_.write(head_, request,
                                                 {.user_agent = settings.user_agent,
                                                  .proxy = url_->tls ? nullptr : proxy_,
                                                  .close = !settings.reuse_connections});
  end_request_head(head_, head, source_ == nullptr ? body_.size() : source_->size());
  head_size_ = static_cast<uint32_t>(head_.size());
  join_small_body();
  expects_no_body_ = head.expects_no_body;
  repeatable_ = head.idempotent || request.repeatable;
  closes_connection_ = head.close;
  if (head.error.empty()) return {};
  return {ErrorCode::kGeneric, head.error};
}

Error Exchange::refusal() const {
  if (proxy_ != nullptr && !url_->tls && client_.settings_.versions == HttpVersions::kHttp2) {
    return {ErrorCode::kGeneric,
            "HTTP/2 in clear text can't go through a proxy: use https, or name the host in "
            "NO_PROXY"};
  }
  // Without a proxy this is looked at when a connection is made.
  if (proxy_ != nullptr && client_.network_.hosts().blocks(url_->host)) return blocked_hostname();
  return {};
}

// The kernel takes one piece for less than two, and copying a little costs nearly nothing.
void Exchange::join_small_body() {
  constexpr size_t kSmallBody = 2048;
  if (body_.size() > kSmallBody) return;
  head_.append(body_);
  body_ = {};
}

void Exchange::wait_until(Instant turn) {
  if (turn_ == nullptr) {
    turn_ = std::make_unique<Timer>(client_.loop_.timers(), [this] {
      outcome_.started = client_.loop_.now();
      client_.send(*this, outcome_.started);
    });
  }
  turn_->start(turn);
}

void Exchange::stop_waiting() {
  if (turn_ != nullptr) turn_->stop();
}

void Exchange::wait_to_settle(Instant settled) {
  if (settling_ == nullptr) {
    settling_ = std::make_unique<Timer>(client_.loop_.timers(),
                                        [this] { client_.route(*this, client_.loop_.now()); });
  }
  settling_->start(settled);
}

void Exchange::submit_to(Connection& connection, Instant at) {
  connection_ = &connection;
  if (pool_->last_refused() != Instant{}) {
    pool_->set_last_refused({});
    client_.refused_.on_reached();
  }
  ready_ = at;
  outcome_.timings.blocked = at - outcome_.started;
  outcome_.remote = connection.peer();
  if (HttpDebug* debug = client_.settings_.debug) {
    trace_ = std::make_unique<ExchangeTrace>(*debug, head_, body_);
  }
  if (const TlsParameters* tls = connection.tls()) outcome_.tls = *tls;
  connection.submit(*this);
}

void Exchange::on_dialled(Dialled dialled) {
  const std::unique_ptr<Dial> done = std::move(dial_);
  const bool needs_http2 = client_.settings_.versions == HttpVersions::kHttp2 && endpoint().tls;
  if (needs_http2 && dialled.stream->protocol() != "h2") {
    on_dial_failed(no_http2_agreed());
  } else {
    client_.adopt(*this, std::move(dialled));
  }
}

void Exchange::on_dial_failed(Error error) {
  Client& client = client_;
  if (proxy_ != nullptr && !url_->tls)
    error = proxy_error(error, proxy_->url->host, proxy_->url->port);
  const Instant now = client.loop_.now();
  ConnectionPool& pool = *pool_;
  const std::shared_ptr<const Url> refused = shared_endpoint();
  const bool shared = pool.streams(*refused) > 1;
  const Duration pause = refused_pause(now);
  if (pause == Duration::zero()) {
    finish(error, now);
  } else {
    stop_dialling();
    end_later(error, pause, now);
  }
  // Those that have hoped for room on this connection have waited as long as this one.
  while (Exchange* other = shared ? pool.next_unreachable(*refused) : nullptr) {
    other->queued_ = false;
    other->finish(error, now);
  }
  client.serve_queue(pool);
  client.tell_ended();
}

Duration Exchange::refused_pause(Instant now) {
  Duration pause = client_.refused_.on_refused(pool_->last_refused(), now);
  if (pause > Duration::zero() && !sink_->may_pause(pause)) pause = Duration::zero();
  pool_->set_last_refused(now + pause);
  return pause;
}

// `on_deadline` ends it.
void Exchange::end_later(Error error, Duration pause, Instant now) {
  disarm();
  outcome_.error = std::move(error);
  client_.deadlines_.arm(*this, pause, now);
}

void Exchange::send_more_later() {
  connection_->send_more_later();
}

void Exchange::on_lost(Error error, Instant at, LostRequest facts) {
  facts.repeatable = repeatable_;
  if (!may_send_again(facts) || (source_ != nullptr && !source_->rewind())) {
    finish(std::move(error), at);
    return;
  }
  send_again();
}

void Exchange::on_not_processed(const Error& error, Instant at, bool fruitless) {
  const bool body_gone = source_ != nullptr && !source_->rewind();
  if (!may_send_unprocessed_again(outcome_.retries, fruitless) || body_gone) {
    finish(error, at);
    return;
  }
  answered_ = {};
  send_again();
}

void Exchange::send_again() {
  ++outcome_.retries;
  connection_ = nullptr;
  ready_ = sent_ = {};
  client_.send_again(*this);
}

void Exchange::on_deadline() {
  Client& client = client_;
  leave_connection();
  ConnectionPool& pool = *pool_;
  // One that was refused has its error already.
  Error error = outcome_.error ? std::move(outcome_.error) : request_timeout();
  finish(std::move(error), client.loop_.now());
  client.serve_queue(pool);
  client.tell_ended();
}

void Exchange::enqueue() {
  queued_ = true;
  pool_->enqueue(*this);
}

void Exchange::stop_dialling() {
  dial_.reset();
  if (std::exchange(counted_, false)) pool_->dial_failed(endpoint());
}

void Exchange::leave_connection() {
  if (settling_ != nullptr) settling_->stop();
  if (std::exchange(queued_, false)) pool_->dequeue(*this);
  stop_dialling();
  if (Connection* connection = std::exchange(connection_, nullptr)) connection->abandon(*this);
}

void Exchange::finish(Error error, Instant at) {
  disarm();
  stop_dialling();
  connection_ = nullptr;
  close_timings(at);
  if (const auto trace = std::move(trace_)) trace->on_end(error);
  outcome_.error = std::move(error);
  outcome_.ended = at;
  client_.queue_ended(*this);
}

void Exchange::close_timings(Instant at) {
  if (ready_ == Instant{}) return;
  const Instant answered = answered_ == Instant{} ? at : answered_;
  // An answer may come before all of the request has left, e.g. a refusal of a large body.
  const Instant sent = sent_ == Instant{} ? answered : std::min(sent_, answered);
  outcome_.timings.sending = sent - ready_;
  outcome_.timings.waiting = answered - sent;
  outcome_.timings.receiving = at - answered;
}

}  // namespace perigee::http
