// What an exchange asks of the client that it belongs to.
#pragma once

#include <memory>

namespace perigee {
class Stream;
}

namespace perigee::http {

class Connection;
class ConnectionPool;
class Dial;
class DialEvents;
class Exchange;
class PreparedRequest;

class ExchangeOwner {
 public:
  // Begins to make a connection of the pool for the request.
  virtual std::unique_ptr<Dial> dial(ConnectionPool& pool, const PreparedRequest& request,
                                     DialEvents& events) = 0;
  // Gives the pool a connection over the stream, which has been dialled for the request. `counted`:
  // the pool's queue counts it.
  virtual Connection& adopt(ConnectionPool& pool, const PreparedRequest& request,
                            std::unique_ptr<Stream> stream, bool counted) = 0;
  // The exchange has ended. Its sink hears of that when the event at hand has been handled.
  virtual void on_ended(Exchange& exchange) = 0;
  // The exchange has been cancelled, and has left its pool, where others may wait for its place.
  virtual void on_cancelled(Exchange& exchange) = 0;
  // An event has been handled, in which connections of the pool may have become free and exchanges
  // may have ended. Called by EventGuard only.
  virtual void end_event(ConnectionPool& pool) = 0;

 protected:
  ~ExchangeOwner() = default;
};

}  // namespace perigee::http
