// The connections that requests of one user may share, and the queue of the requests for which
// there is none now.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/base/clock.h"
#include "engine/http/connection_queue.h"
#include "engine/http/traffic.h"
#include "engine/http/url.h"
#include "engine/net/tls_sessions.h"

namespace perigee::http {

class Connection;
class Exchange;
struct ClientSettings;

// One pool per VU by default, as in k6, or one shared by name. With addresses of this machine's own
// to choose from, its connections come from that of the `user`-th VU. Their bytes are added to
// `traffic`, which must outlive the pool. Exchanges that use it must have ended or been cancelled
// before it is destroyed, and it must not be destroyed within `on_head` or `on_body` (it may be
// within `on_end`).
class ConnectionPool {
 public:
  explicit ConnectionPool(Traffic& traffic, uint64_t user = 1);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  // Closes the connections that carry no exchange now.
  void close_idle();

  // All below is for the client, its exchanges and its connections.
  Traffic& traffic() { return traffic_; }
  uint64_t user() const { return user_; }
  TlsSessions& tls_sessions() { return tls_sessions_; }
  // When the end of a request was last reported that reached no server; the epoch: one has reached
  // a server since.
  Instant last_refused() const { return last_refused_; }
  void set_last_refused(Instant at) { last_refused_ = at; }
  // An exchange begins and ceases to use the pool.
  void join() { ++exchanges_; }
  void leave() { --exchanges_; }

  // What a request may go over now. Null: nothing, but something may have settled at `settled`, if
  // that is not the epoch.
  struct Kept {
    Connection* connection = nullptr;
    Instant settled{};
  };
  // Takes a connection to the endpoint that can carry one more exchange, the most recently used
  // first. `repeatable`: the exchange's request may be sent again.
  Kept acquire(const Url& endpoint, bool repeatable, Instant now);
  // The connection can carry another exchange. Past what the client's settings allow, the one that
  // has been idle longest, of all or of those to the same host, is closed.
  void release(Connection& connection, const ClientSettings& settings);
  // The connection takes no more exchanges.
  void withdraw(Connection& connection);
  // A new connection belongs to the pool from now on.
  Connection& opened(std::unique_ptr<Connection> connection);
  // The connection is over, and is destroyed.
  void closed(Connection& connection);

  // From now on requests may have to wait, because connections are limited or carry several
  // requests. `streams`: as in ConnectionQueue.
  void begin_queueing(const ConnectionLimits& limits, uint32_t streams);
  bool queueing() const { return queue_ != nullptr; }
  // Makes room for a connection to the endpoint for one more request: an idle one to another host
  // is closed for it, or one to the same host that can't be used. False: the request is to be
  // queued instead.
  bool make_room(const Url& endpoint);
  // A connection to the endpoint is being made. False if the pool does not count it, and is to be
  // told nothing more of it.
  bool dial_started(const std::shared_ptr<const Url>& endpoint);
  // It has been made, or it can't be and has been given up.
  void dial_succeeded(const Url& endpoint) { queue_->dialled(endpoint); }
  void dial_failed(const Url& endpoint);

  // How many requests one connection to the endpoint carries at a time, as far as is known.
  uint32_t streams(const Url& endpoint) const { return queue_ ? queue_->streams(endpoint) : 1; }
  void set_streams(const std::shared_ptr<const Url>& endpoint, uint32_t streams);

  void enqueue(Exchange& exchange) { queue_->enqueue(exchange); }
  void dequeue(Exchange& exchange) { queue_->dequeue(exchange); }
  bool has_queued() const { return queue_ && !queue_->empty(); }
  // Takes the exchange out of the queue that can have a connection now; null if none can.
  Exchange* next();
  // Takes one out for whose endpoint there is no connection left, nor one being made; else null.
  Exchange* next_unreachable(const Url& endpoint) { return queue_->take_unreachable(endpoint); }

 private:
  void close_surplus(const Connection& latest, const ClientSettings& settings);
  Connection* first_idle() const;
  Connection* first_idle_to(const Url& endpoint) const;
  bool allows_another(const Url& endpoint);

  Traffic& traffic_;
  const uint64_t user_;
  Instant last_refused_{};
  TlsSessions tls_sessions_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> available_;      // those that have room; the most recently used last
  std::unique_ptr<ConnectionQueue> queue_;  // null where no request has to wait
  uint32_t exchanges_ = 0;                  // the number of those that use the pool
};

}  // namespace perigee::http
