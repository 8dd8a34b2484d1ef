#include "engine/http/connection.h"

#include <utility>

#include "engine/http/client_settings.h"
#include "engine/http/connection_pool.h"
#include "engine/http/event_guard.h"
#include "engine/http/http1_session.h"
#include "engine/http/http2_session.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/loop.h"

namespace perigee::http {

// One event of a connection while it is handled. At its end the connection settles, and after that
// what is left to do does not need it any more.
class Connection::Event {
 public:
  explicit Event(Connection& connection)
      : guard_(connection.context_.owner, connection.pool_), connection_(connection) {
    connection.in_event_ = true;
  }
  ~Event() { connection_.settle(); }
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;

 private:
  const EventGuard guard_;
  Connection& connection_;
};

// The time limits of a connection.
struct Connection::Expiry {
  struct Limit final : Deadline {
    explicit Limit(Connection& limited) : connection(limited) {}
    void arm(Duration time) {
      const ConnectionContext& context = connection.context_;
      if (time > Duration::zero()) context.deadlines.arm(*this, time, context.loop.now());
    }
    void on_deadline() override { connection.retire(); }
    Connection& connection;
  };

  explicit Expiry(Connection& connection) : idle(connection), lifetime(connection) {
    lifetime.arm(connection.context_.settings.connection_lifetime);
  }

  Limit idle;
  Limit lifetime;
};

Connection::Connection(const ConnectionContext& context, ConnectionPool& pool,
                       std::shared_ptr<const Url> origin, std::unique_ptr<Stream> stream,
                       std::shared_ptr<KeepAlive> keep_alive, bool counted)
    : context_(context),
      pool_(pool),
      origin_(std::move(origin)),
      stream_(std::move(stream)),
      session_(make_session()),
      keep_alive_(std::move(keep_alive)),
      place_{.counted = counted} {
  stream_->hand_over(*this);
  const ClientSettings& settings = context.settings;
  if (settings.idle_timeout > Duration::zero() || settings.connection_lifetime > Duration::zero()) {
    expiry_ = std::make_unique<Expiry>(*this);
  }
}

std::unique_ptr<Session> Connection::make_session() {
  const ClientSettings& settings = context_.settings;
  const bool prior_knowledge = settings.versions == HttpVersions::kHttp2 && !origin_->tls;
  if (!prior_knowledge && stream_->protocol() != "h2") {
    return std::make_unique<Http1Session>(*stream_, context_.loop.clock());
  }
  // An earlier connection may have shown it.
  const uint32_t known_streams = pool_.streams(*origin_);
  turn_end_ = std::make_unique<TurnEnd>(context_.loop.turn_ends(), [this] { on_turn_end(); });
  return std::make_unique<Http2Session>(
      *stream_, context_.loop.clock(), *turn_end_, context_.http2_fields,
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

void Connection::abandon(SessionStream& stream) {
  const bool usable = session_->abandon(stream);
  // In the middle of an event `settle` does it.
  if (!usable && !in_event_) pool_.closed(*this);
}

void Connection::send_more_later() {
  Loop& loop = context_.loop;
  if (!turn_) turn_ = std::make_unique<Timer>(loop.timers(), [this] { on_sent(); });
  turn_->start(loop.now());
}

// The stream is connected before it comes here.
void Connection::on_connected() {}

void Connection::on_read(std::string_view bytes, Instant at) {
  count_received();
  count_sent();
  if (rests_since_ != Instant{} && !place_.available) {  // what is available has nothing to read
    keep_alive_->note_kept(rests_behind_);
    rests_since_ = {};
  }
  const Event event(*this);
  session_->on_read(bytes, at);
}

void Connection::on_sent() {
  count_sent();
  const Event event(*this);
  session_->on_sent(context_.loop.now());
}

void Connection::on_closed(int error) {
  count_received();
  count_sent();
  const Instant now = context_.loop.now();
  if (rests_since_ != Instant{}) keep_alive_->note_closed(rests_behind_, now - rests_since_);
  const Event event(*this);
  session_->on_closed(error, now);
}

void Connection::settle() {
  in_event_ = false;
  if ((session_->exhausted() || retired_) && idle()) {
    pool_.closed(*this);
  } else if (session_->capacity() > 0 && !retired_) {
    share_room();
  }
}

void Connection::share() {
  if (shared() && has_room()) share_room();
}

void Connection::share_room() {
  if (shared()) pool_.set_streams(origin_, session_->in_flight() + session_->capacity());
  pool_.release(*this, context_.settings);
}

void Connection::on_turn_end() {
  const Event event(*this);
  session_->on_turn_end();
  count_sent();
}

void Connection::rest() {
  if (!shared()) {
    rests_since_ = context_.loop.recent();
    rests_behind_ = session_->framing();
  }
  if (expiry_) expiry_->idle.arm(context_.settings.idle_timeout);
}

void Connection::use() {
  if (expiry_) expiry_->idle.disarm();
}

void Connection::retire() {
  const EventGuard guard(context_.owner, pool_);
  retired_ = true;
  if (idle()) {
    pool_.closed(*this);
  } else {
    pool_.withdraw(*this);
  }
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
