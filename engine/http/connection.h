// An open connection: the stream, the protocol spoken over it, and its place in a pool.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "engine/http/keep_alive.h"
#include "engine/http/session.h"
#include "engine/http/url.h"
#include "engine/loop/timer_queue.h"
#include "engine/loop/turn_end.h"
#include "engine/net/stream.h"

namespace perigee {
class Deadlines;
class Loop;
}  // namespace perigee

namespace perigee::http {

class ConnectionPool;
class ExchangeOwner;
class Http2Fields;
struct ClientSettings;

// What the connections of a client share.
struct ConnectionContext {
  ExchangeOwner& owner;
  Loop& loop;
  Deadlines& deadlines;
  const ClientSettings& settings;
  Http2Fields& http2_fields;
};

// Where a pool has a connection, as the pool notes it.
struct PoolPlace {
  uint32_t index = 0;      // in the list of all
  bool available = false;  // in the list of those that have room
  bool counted = false;    // by the queue
};

// Belongs to its pool. It leaves the pool, and is destroyed, as soon as it can't be used any more.
class Connection final : private StreamEvents {
 public:
  // `keep_alive`: what is known of its server. `counted`: by the pool's queue.
  Connection(const ConnectionContext& context, ConnectionPool& pool,
             std::shared_ptr<const Url> origin, std::unique_ptr<Stream> stream,
             std::shared_ptr<KeepAlive> keep_alive, bool counted);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Whether a request may go over it now.
  enum class Readiness : uint8_t {
    kReady,
    kSettling,  // when it has settled, if it is there by then
    kUnsafe,    // not before it has settled, and another connection is the better choice
    kGone,      // the server has closed it
  };
  // `repeatable`: the request can be sent again if it is lost. Needs one that is available.
  Readiness readiness(bool repeatable, Instant now) const;
  Instant settled() const { return rests_since_ + keep_alive_->settling(rests_behind_); }

  // Whether requests to `url` may go over it.
  bool serves(const Url& url) const;
  const Url& origin() const { return *origin_; }
  bool idle() const { return session_->in_flight() == 0; }
  const Address& peer() const { return stream_->peer(); }
  // What TLS has agreed on; null without TLS.
  const TlsParameters* tls() const { return stream_->tls(); }

  // It may carry several exchanges at a time.
  bool shared() const { return turn_end_ != nullptr; }
  bool has_room() const { return session_->capacity() > 0; }
  PoolPlace& place() { return place_; }
  // The pool says that it waits for an exchange, and that it has one.
  void rest();
  void use();
  // Offers others the room that a new connection has beside its first exchange.
  void share();

  // What a stream is submitted to. Needs room.
  Session& session() { return *session_; }
  // Forgets the stream. Closes the connection (it may be gone afterwards) if it can't go on.
  void abandon(SessionStream& stream);
  // Has the session hear on a later turn that all has been sent.
  void send_more_later();
  // Stops and resumes the reading of the stream's response.
  void pause(SessionStream& stream) { session_->pause(stream); }
  void resume(SessionStream& stream) { session_->resume(stream); }

 private:
  class Event;
  struct Expiry;

  void on_connected() override;
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;
  // An event has been handled: the connection gives itself back to the pool or goes away.
  void settle();
  void on_turn_end();
  void share_room();
  std::unique_ptr<Session> make_session();
  // It may not carry another exchange.
  void retire();
  void count_received();
  void count_sent();

  const ConnectionContext& context_;
  ConnectionPool& pool_;
  std::shared_ptr<const Url> origin_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<TurnEnd> turn_end_;  // null unless it is shared
  std::unique_ptr<Session> session_;
  std::shared_ptr<KeepAlive> keep_alive_;
  Instant rests_since_{};  // the end of the last response; the epoch: the next one has begun
  KeepAlive::Framing rests_behind_ = KeepAlive::Framing::kSized;
  uint64_t counted_received_ = 0;
  uint64_t counted_sent_ = 0;
  PoolPlace place_;
  bool in_event_ = false;
  bool retired_ = false;
  std::unique_ptr<Timer> turn_;     // for bodies that are made while they are sent
  std::unique_ptr<Expiry> expiry_;  // null if it may stay open for ever
};

}  // namespace perigee::http
