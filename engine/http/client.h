// Sends requests over pooled connections. One per worker; used by its thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/http/client_settings.h"
#include "engine/http/head_cache.h"
#include "engine/http/http2_fields.h"
#include "engine/http/keep_alive.h"
#include "engine/http/refused_pause.h"
#include "engine/http/request.h"
#include "engine/http/response.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/loop.h"
#include "engine/net/network.h"

namespace perigee::http {

class Connection;
class ConnectionPool;
class Exchange;
struct Dialled;

class Client {
 public:
  Client(Loop& loop, Network& network, Deadlines& deadlines, ClientSettings settings);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const ClientSettings& settings() const { return settings_; }

  // Starts an exchange, at once or when the rate allows it: only then its time begins to count.
  // `sink` is told of it on later turns only and must live until its end or until `cancel`. The
  // result is valid just as long. All pools and exchanges must be gone before the client is.
  Exchange& start(ConnectionPool& pool, const Request& request, ResponseSink& sink);

  // Ends an exchange without telling its sink; its connection is closed. True if the whole request
  // had been sent, so that the server has seen it or will.
  bool cancel(Exchange& exchange);
  // The same, and says how far the exchange has come.
  Outcome close(Exchange& exchange);

  // Stops and resumes the reading of an answer, once it has begun.
  void pause(Exchange& exchange);
  void resume(Exchange& exchange);

 private:
  friend class Connection;
  friend class Exchange;

  Exchange& take_exchange();
  // The exchange's turn has come: finds it a connection.
  void send(Exchange& exchange, Instant now);
  bool may_wait(const Exchange& exchange) const;
  // To offer to a server over TLS.
  std::vector<std::string_view> protocols() const;
  // How many requests a connection is taken to carry.
  uint32_t streams() const;
  // Sends it over a kept connection or a new one, later if one has to settle first. Where there may
  // be none now, it is queued, and the result is false.
  bool route(Exchange& exchange, Instant now);
  // It had a connection, which has failed it.
  void send_again(Exchange& exchange);
  void dial(Exchange& exchange);
  // A connection has become free or is gone: sends what waits for that.
  void serve_queue(ConnectionPool& pool);
  // The dial has succeeded: sends the exchange over the new connection.
  void adopt(Exchange& exchange, Dialled dialled);
  void queue_ended(Exchange& exchange);
  // Tells the sinks of ended exchanges. Last in every event, when no
  // session is at work, since sinks start and cancel exchanges and destroy pools.
  void tell_ended();
  void recycle(Exchange& exchange);

  Loop& loop_;
  Network& network_;
  Deadlines& deadlines_;
  ClientSettings settings_;
  KeepAlives keep_alives_;
  RefusedPause refused_;
  HeadCache heads_;
  Http2Fields http2_fields_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Exchange*> free_;
  std::vector<Exchange*> ended_;  // whose sinks are to be told
};

}  // namespace perigee::http
