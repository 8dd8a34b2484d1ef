#include "engine/http/connection.h"

#include <utility>

#include "engine/http/client.h"
#include "engine/http/connection_pool.h"
#include "engine/http/http1_session.h"
#include "engine/http/http2_session.h"

namespace perigee::http {

// What ends a connection that nobody else does.
struct Connection::Expiry {
  struct Limit final : Deadline {
    explicit Limit(Connection& limited) : connection(limited) {}
    void arm(Duration time) {
      Client& client = connection.client_;
      if (time > Duration::zero()) client.deadlines_.arm(*this, time, client.loop_.now());
    }
    void on_deadline() override { connection.retire(); }
    Connection& connection;
  };

  explicit Expiry(Connection& connection) : idle(connection), lifetime(connection) {
    lifetime.arm(connection.client_.settings_.connection_lifetime);
  }

  Limit idle;
  Limit lifetime;
};

Connection::Connection(Client& client, ConnectionPool& pool, std::shared_ptr<const Url> origin,
                       std::unique_ptr<Stream> stream, bool counted)
    : client_(client),
      pool_(pool),
      origin_(std::move(origin)),
      stream_(std::move(stream)),
      session_(make_session()),
      keep_alive_(client.keep_alives_.of(*origin_)),
      place_{.counted = counted} {
  stream_->hand_over(*this);
  const ClientSettings& settings = client.settings_;
  if (settings.idle_timeout > Duration::zero() || settings.connection_lifetime > Duration::zero()) {
    expiry_ = std::make_unique<Expiry>(*this);
  }
}

std::unique_ptr<Session> Connection::make_session() {
  const ClientSettings& settings = client_.settings_;
  const bool prior_knowledge = settings.versions == HttpVersions::kHttp2 && !origin_->tls;
  if (!prior_knowledge && stream_->protocol() != "h2") {
    return std::make_unique<Http1Session>(*stream_, client_.loop_.clock());
  }
  // An earlier connection may have shown it.
  const uint32_t known_streams = pool_.streams(*origin_);
  turn_end_ = std::make_unique<TurnEnd>(client_.loop_.turn_ends(), [this] { on_turn_end(); });
  return std::make_unique<Http2Session>(
      *stream_, client_.loop_.clock(), *turn_end_, client_.http2_fields_,
      Http2Settings{
          .most_streams = settings.streams_per_connection,
          .expected_streams = known_streams > 1 ? known_streams : limits::kExpectedStreams,
          .tls = origin_->tls});
}

Connection::~Connection() {
  count_sent();
}

bool Connection::serves(const Url& url) const {
  return origin_.get() == &url || same_origin(*origin_, url);
}

Connection::Readiness Connection::readiness(bool repeatable, Instant now) const {
  if (shared()) return has_room() ? Readiness::kReady : Readiness::kUnsafe;
  const KeepAlive::Habit habit = keep_alive_->habit(rests_behind_);
  if (habit != KeepAlive::Habit::kCloses && repeatable) return Readiness::kReady;
  if (now >= settled()) return stream_->peer_closed() ? Readiness::kGone : Readiness::kReady;
  switch (habit) {
    case KeepAlive::Habit::kKeeps:
      return Readiness::kReady;
    case KeepAlive::Habit::kUnknown:
      return Readiness::kSettling;
    case KeepAlive::Habit::kCloses:
      return Readiness::kUnsafe;
  }
  return Readiness::kReady;
}

void Connection::submit(Exchange& exchange) {
  session_->submit(exchange);
  count_sent();
}

void Connection::abandon(Exchange& exchange) {
  const bool usable = session_->abandon(exchange);
  // In the middle of an event `settle` does it.
  if (!usable && !in_event_) pool_.closed(*this);
}

void Connection::send_more_later() {
  Loop& loop = client_.loop_;
  if (!turn_) turn_ = std::make_unique<Timer>(loop.timers(), [this] { on_sent(); });
  turn_->start(loop.now());
}

// The stream is connected before it comes here.
void Connection::on_connected() {}

void Connection::on_read(std::string_view bytes, Instant at) {
  count_received();
  if (rests_since_ != Instant{} && !place_.available) {  // what is available has nothing to read
    keep_alive_->note_kept(rests_behind_);
    rests_since_ = {};
  }
  in_event_ = true;
  session_->on_read(bytes, at);
  settle();
}

void Connection::on_sent() {
  count_sent();
  in_event_ = true;
  session_->on_sent(client_.loop_.now());
  settle();
}

void Connection::on_closed(int error) {
  count_received();
  count_sent();
  const Instant now = client_.loop_.now();
  if (rests_since_ != Instant{}) keep_alive_->note_closed(rests_behind_, now - rests_since_);
  in_event_ = true;
  session_->on_closed(error, now);
  settle();
}

void Connection::settle() {
  Client& client = client_;
  ConnectionPool& pool = pool_;
  in_event_ = false;
  if ((session_->exhausted() || retired_) && idle()) {
    pool_.closed(*this);
  } else if (session_->capacity() > 0 && !retired_) {
    share_room();
  }
  client.serve_queue(pool);
  client.tell_ended();
}

void Connection::share() {
  if (shared() && has_room()) share_room();
}

void Connection::share_room() {
  if (shared()) pool_.set_streams(origin_, session_->in_flight() + session_->capacity());
  pool_.release(*this, client_.settings_);
}

void Connection::on_turn_end() {
  in_event_ = true;
  session_->on_turn_end();
  count_sent();
  settle();
}

void Connection::rest() {
  if (!shared()) {
    rests_since_ = client_.loop_.recent();
    rests_behind_ = session_->framing();
  }
  if (expiry_) expiry_->idle.arm(client_.settings_.idle_timeout);
}

void Connection::use() {
  if (expiry_) expiry_->idle.disarm();
}

void Connection::retire() {
  Client& client = client_;
  ConnectionPool& pool = pool_;
  retired_ = true;
  if (!idle()) return pool.withdraw(*this);
  pool.closed(*this);
  client.serve_queue(pool);
}

void Connection::count_received() {
  const uint64_t received = stream_->bytes_received();
  pool_.traffic().received += received - std::exchange(counted_received_, received);
}

void Connection::count_sent() {
  const uint64_t sent = stream_->bytes_sent();
  pool_.traffic().sent += sent - std::exchange(counted_sent_, sent);
}

}  // namespace perigee::http
