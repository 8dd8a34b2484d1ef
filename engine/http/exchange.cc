// An exchange is in one state at a time, and waits there for one event:
//
//   state           waits for                              goes on to
//   kEnded          the next request (`start`)             kRefused, kWaitsForRate or a route
//   kRefused        the end of its pause (the deadline)    kEnded
//   kWaitsForRate   its turn (the timer)                   a route
//   kSettling       a kept connection to be safe (timer)   a route
//   kQueued         the pool's queue (`route`)             a route
//   kDialling       the dial                               kConnected; kRefused or kEnded
//   kConnected      the session                            kEnded; when lost, kQueued or kDialling
//
// A route leads to kConnected, kSettling, kQueued or kDialling. The deadline leads from each to
// kEnded, except from kWaitsForRate, where it does not run yet; so does `cancel`.
#include "engine/http/exchange.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/base/rate_limit.h"
#include "engine/http/client_settings.h"
#include "engine/http/connection.h"
#include "engine/http/connection_pool.h"
#include "engine/http/dial.h"
#include "engine/http/errors.h"
#include "engine/http/event_guard.h"
#include "engine/http/exchange_owner.h"
#include "engine/http/refused_pause.h"
#include "engine/loop/loop.h"

namespace perigee::http {

namespace {

// Over TLS it shows whether the server speaks HTTP/2 only when a connection is there.
bool may_wait(const ClientSettings& settings, const Url& endpoint) {
  return settings.connections.any() || settings.versions == HttpVersions::kHttp2 ||
         (settings.versions == HttpVersions::kNegotiated && endpoint.tls);
}

// How many requests a connection is taken to carry.
uint32_t expected_streams(const ClientSettings& settings) {
  if (settings.versions != HttpVersions::kHttp2) return 1;
  return std::min(limits::kExpectedStreams, settings.streams_per_connection);
}

}  // namespace

Exchange::Exchange() = default;

Exchange::~Exchange() {
  PERIGEE_CHECK(!active());
}

void Exchange::start(const ExchangeContext& context, ConnectionPool& pool, const Request& request,
                     ResponseSink& sink) {
  const ClientSettings& settings = context.settings;
  const Instant now = context.loop.now();
  context_ = &context;
  pool_ = &pool;
  pool.join();
  sink_ = &sink;
  ready_ = sent_ = responded_ = {};
  losses_ = 0;
  outcome_ = {};
  outcome_.started = now;
  if (Error refusal = request_.prepare(request, settings, context.hosts, context.heads)) {
    // Reported on a later turn, as everything is.
    return refuse(std::move(refusal), refused_pause(now), now);
  }
  if (!pool.queueing() && may_wait(settings, request_.endpoint())) {
    pool.begin_queueing(settings.connections, expected_streams(settings));
  }
  const Instant turn = settings.rate == nullptr ? now : settings.rate->reserve(now);
  if (turn > now) {
    wait(State::kWaitsForRate, turn);
  } else {
    send(now);
  }
}

void Exchange::send(Instant now) {
  context_->deadlines.arm(*this, request_.timeout(), now);
  route(now);
}

bool Exchange::route(Instant now) {
  const ConnectionPool::Kept kept = pool_->acquire(request_.endpoint(), request_.repeatable(), now);
  if (kept.connection != nullptr) {
    submit_to(*kept.connection, now);
  } else if (kept.settled != Instant{}) {
    wait(State::kSettling, kept.settled);
  } else if (pool_->make_room(request_.endpoint())) {
    dial();
  } else {
    enqueue();
    return false;
  }
  return true;
}

void Exchange::wait(State state, Instant until) {
  state_ = state;
  if (wait_ == nullptr) {
    wait_ = std::make_unique<Timer>(context_->loop.timers(), [this] { on_waited(); });
  }
  wait_->start(until);
}

void Exchange::on_waited() {
  const EventGuard guard(context_->owner, *pool_);
  const Instant now = context_->loop.now();
  if (state_ == State::kSettling) {
    route(now);
  } else {
    outcome_.started = now;
    send(now);
  }
}

void Exchange::enqueue() {
  state_ = State::kQueued;
  pool_->enqueue(*this);
}

void Exchange::dial() {
  state_ = State::kDialling;
  dial_counted_ = pool_->dial_started(shared_endpoint());
  dial_ = context_->owner.dial(*pool_, request_, *this);
}

void Exchange::on_dialled(Dialled dialled) {
  const EventGuard guard(context_->owner, *pool_);
  const std::unique_ptr<Dial> done = std::move(dial_);
  if (request_.needs_http2() && dialled.stream->protocol() != "h2") {
    fail_dial(no_http2_agreed());
    return;
  }
  const bool counted = std::exchange(dial_counted_, false);
  if (counted) pool_->dial_succeeded(request_.endpoint());
  Connection& connection =
      context_->owner.adopt(*pool_, request_, std::move(dialled.stream), counted);
  outcome_.timings.connecting = dialled.connecting;
  outcome_.timings.tls_handshaking = dialled.tls_handshaking;
  submit_to(connection, dialled.at);
  connection.share();
}

void Exchange::on_dial_failed(Error error) {
  const EventGuard guard(context_->owner, *pool_);
  fail_dial(std::move(error));
}

void Exchange::fail_dial(Error error) {
  if (request_.forwarded()) {
    const Url& proxy = request_.endpoint();
    error = proxy_error(error, proxy.host, proxy.port);
  }
  const Instant now = context_->loop.now();
  stop_dialling();
  const Duration pause = refused_pause(now);
  // Those that have hoped for room on this connection have waited as long as this one.
  const std::shared_ptr<const Url> endpoint = shared_endpoint();
  const bool shared = pool_->streams(*endpoint) > 1;
  if (pause == Duration::zero()) {
    finish(error, now);
  } else {
    refuse(error, pause, now);
  }
  while (Exchange* other = shared ? pool_->next_unreachable(*endpoint) : nullptr) {
    other->finish(error, now);
  }
}

void Exchange::stop_dialling() {
  dial_.reset();
  if (std::exchange(dial_counted_, false)) pool_->dial_failed(request_.endpoint());
}

Duration Exchange::refused_pause(Instant now) {
  Duration pause = context_->refused.on_refused(pool_->last_refused(), now);
  if (pause > Duration::zero() && !sink_->may_pause(pause)) pause = Duration::zero();
  pool_->set_last_refused(now + pause);
  return pause;
}

void Exchange::refuse(Error error, Duration pause, Instant now) {
  state_ = State::kRefused;
  disarm();
  outcome_.error = std::move(error);
  context_->deadlines.arm(*this, pause, now);
}

void Exchange::submit_to(Connection& connection, Instant at) {
  state_ = State::kConnected;
  connection_ = &connection;
  if (pool_->last_refused() != Instant{}) {
    pool_->set_last_refused({});
    context_->refused.on_reached();
  }
  ready_ = at;
  outcome_.timings.blocked = at - outcome_.started;
  outcome_.remote = connection.peer();
  if (HttpDebug* debug = context_->settings.debug) {
    trace_ = std::make_unique<ExchangeTrace>(*debug, request_.head(), request_.body());
  }
  if (const TlsParameters* tls = connection.tls()) outcome_.tls = *tls;
  connection.session().submit(*this);
}

void Exchange::send_more_later() {
  connection_->send_more_later();
}

void Exchange::on_lost(Error error, Instant at, LostRequest facts) {
  facts.repeatable = request_.repeatable();
  facts.losses = losses_++;
  if (may_send_again(facts) && request_.rewind()) return send_again();
  finish(std::move(error), at);
}

void Exchange::on_not_processed(const Error& error, Instant at, bool fruitless) {
  const bool rewound = request_.rewind();
  if (!may_send_unprocessed_again(outcome_.retries, fruitless) || !rewound) {
    return finish(error, at);
  }
  responded_ = {};
  send_again();
}

void Exchange::send_again() {
  ++outcome_.retries;
  connection_ = nullptr;
  ready_ = sent_ = {};
  if (pool_->streams(request_.endpoint()) > 1) {
    enqueue();
  } else {
    // Another kept connection may be as dead as this one was.
    dial();
  }
}

void Exchange::on_deadline() {
  const EventGuard guard(context_->owner, *pool_);
  Error error = state_ == State::kRefused ? std::move(outcome_.error) : request_timeout();
  withdraw();
  finish(std::move(error), context_->loop.now());
}

void Exchange::withdraw() {
  switch (std::exchange(state_, State::kEnded)) {
    case State::kEnded:
    case State::kRefused:
      break;
    case State::kWaitsForRate:
    case State::kSettling:
      wait_->stop();
      break;
    case State::kQueued:
      pool_->dequeue(*this);
      break;
    case State::kDialling:
      stop_dialling();
      break;
    case State::kConnected:
      std::exchange(connection_, nullptr)->abandon(*this);
      break;
  }
}

bool Exchange::cancel() {
  const bool begun = connection_ != nullptr && connection_->session().begun(*this);
  trace_.reset();
  disarm();
  withdraw();
  leave_pool();
  context_->owner.on_cancelled(*this);
  return begun || sent_ != Instant{};
}

Outcome Exchange::close() {
  const Outcome outcome = progress(context_->loop.now());
  cancel();
  return outcome;
}

ResponseSink& Exchange::leave_pool() {
  pool_->leave();
  return *std::exchange(sink_, nullptr);
}

void Exchange::report_end() {
  const Outcome outcome = std::move(outcome_);
  leave_pool().on_end(outcome);
}

Outcome Exchange::progress(Instant now) {
  // One that has ended knows its end already.
  if (state_ != State::kEnded) {
    outcome_.ended = now;
    close_timings(now);
  }
  return outcome_;
}

void Exchange::pause() {
  if (connection_ != nullptr) connection_->pause(*this);
}

void Exchange::resume() {
  if (connection_ != nullptr) connection_->resume(*this);
}

void Exchange::finish(Error error, Instant at) {
  disarm();
  state_ = State::kEnded;
  connection_ = nullptr;
  close_timings(at);
  if (const auto trace = std::move(trace_)) trace->on_end(error);
  outcome_.error = std::move(error);
  outcome_.ended = at;
  context_->owner.on_ended(*this);
}

void Exchange::close_timings(Instant at) {
  if (ready_ == Instant{}) return;
  const Instant responded = responded_ == Instant{} ? at : responded_;
  // A response may come before all of the request has left, e.g. a refusal of a large body.
  const Instant sent = sent_ == Instant{} ? responded : std::min(sent_, responded);
  outcome_.timings.sending = sent - ready_;
  outcome_.timings.waiting = responded - sent;
  outcome_.timings.receiving = at - responded;
}

}  // namespace perigee::http
