// Sends requests over pooled connections. One per worker; used by its thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/http/client_settings.h"
#include "engine/http/connection.h"
#include "engine/http/exchange.h"
#include "engine/http/exchange_owner.h"
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

class Client final : private ExchangeOwner {
 public:
  Client(Loop& loop, Network& network, Deadlines& deadlines, ClientSettings settings);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const ClientSettings& settings() const { return settings_; }

  // Starts an exchange, at once or when the rate allows it: only then its time begins to count.
  // `sink` hears of it on later turns only and must live until its end or until `cancel`. The
  // result is valid just as long. All pools and exchanges must be gone before the client is.
  Exchange& start(ConnectionPool& pool, const Request& request, ResponseSink& sink);

  // Ends an exchange without reporting it to its sink; its connection is closed. True if the whole
  // request had been sent, so that the server has seen it or will.
  bool cancel(Exchange& exchange);
  // The same, and says how far the exchange has come.
  Outcome close(Exchange& exchange);

  // Stops and resumes the reading of a response, once it has begun.
  void pause(Exchange& exchange);
  void resume(Exchange& exchange);

 private:
  Error prepare(const Request& request, PreparedRequest& prepared) override;
  std::unique_ptr<Dial> dial(ConnectionPool& pool, const PreparedRequest& request,
                             DialEvents& events) override;
  Connection& adopt(ConnectionPool& pool, const PreparedRequest& request,
                    std::unique_ptr<Stream> stream, bool counted) override;
  void on_ended(Exchange& exchange) override;
  void end_event(ConnectionPool& pool) override;

  bool may_wait(const PreparedRequest& request) const;
  // To offer to a server over TLS.
  std::vector<std::string_view> protocols() const;
  // How many requests a connection is taken to carry.
  uint32_t streams() const;
  // A connection has become free or is gone: sends what waits for that.
  void serve_queue(ConnectionPool& pool);
  void report_ended();
  Exchange& take_exchange();
  void recycle(Exchange& exchange);

  Network& network_;
  const ClientSettings settings_;
  KeepAlives keep_alives_;
  RefusedPause refused_;
  HeadCache heads_;
  Http2Fields http2_fields_;
  const ExchangeContext exchange_context_;
  const ConnectionContext connection_context_;
  std::vector<std::unique_ptr<Exchange>> exchanges_;
  std::vector<Exchange*> free_;
  std::vector<Exchange*> ended_;  // those whose sinks have yet to hear of it
};

}  // namespace perigee::http
