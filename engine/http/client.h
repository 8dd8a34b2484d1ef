// What the exchanges of one worker share that want the same settings: it makes their connections,
// serves those that are queued, and has sinks hear of the ends. Used by its worker's thread only.
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

  // What its exchanges are started with. All pools and exchanges must be gone before the client is.
  const ExchangeContext& exchanges() const { return exchange_context_; }

 private:
  std::unique_ptr<Dial> dial(ConnectionPool& pool, const PreparedRequest& request,
                             DialEvents& events) override;
  Connection& adopt(ConnectionPool& pool, const PreparedRequest& request,
                    std::unique_ptr<Stream> stream, bool counted) override;
  void on_ended(Exchange& exchange) override;
  void on_cancelled(Exchange& exchange) override;
  void end_event(ConnectionPool& pool) override;

  // To offer to a server over TLS.
  std::vector<std::string_view> protocols() const;
  // A connection has become free or is gone: sends what waits for that.
  void serve_queue(ConnectionPool& pool);
  void report_ended();

  Network& network_;
  const ClientSettings settings_;
  KeepAlives keep_alives_;
  RefusedPause refused_;
  HeadCache heads_;
  Http2Fields http2_fields_;
  const ExchangeContext exchange_context_;
  const ConnectionContext connection_context_;
  std::vector<Exchange*> ended_;  // those whose sinks have yet to hear of it
};

}  // namespace perigee::http
