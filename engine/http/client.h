// Sends requests over pooled connections. One per worker; used by its thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/limits.h"
#include "engine/base/rate_limit.h"
#include "engine/http/connection_queue.h"
#include "engine/http/head_cache.h"
#include "engine/http/http2_fields.h"
#include "engine/http/keep_alive.h"
#include "engine/http/proxy.h"
#include "engine/http/refused_pause.h"
#include "engine/http/request.h"
#include "engine/http/response.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/loop.h"
#include "engine/net/network.h"
#include "engine/net/tls_sessions.h"

namespace perigee::http {

class Connection;
class Exchange;
class HttpDebug;
struct ClientSettings;
struct Dialled;

// Bytes on the wire.
struct Traffic {
  uint64_t sent = 0;
  uint64_t received = 0;
};

// Connections that requests may share: one pool per VU by default, as in k6, or one shared by name.
// With addresses of this machine's own to choose from, they come from that of the `user`-th VU.
// Bytes of its connections are added to `traffic`, which must outlive it. Exchanges that use it
// must have ended or been cancelled before it is destroyed, and it must not be destroyed within
// `on_head` or `on_body` (it may be within `on_end`).
class ConnectionPool {
 public:
  explicit ConnectionPool(Traffic& traffic, uint64_t user = 1);
  ~ConnectionPool();
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  // Closes the connections that carry no exchange now.
  void close_idle();

 private:
  friend class Client;
  friend class Connection;
  friend class Exchange;

  // What a request may go over now. Null: nothing, but something may have settled at `settled`, if
  // that is not the epoch.
  struct Kept {
    Connection* connection = nullptr;
    Instant settled{};
  };
  // A connection to the URL's host and port that can carry one more exchange, the most recently
  // used first. `repeatable`: the exchange's request may be sent again.
  Kept take(const Url& url, bool repeatable, Instant now);
  Connection& add(std::unique_ptr<Connection> connection);
  // The connection can carry another exchange. Past what the client's settings allow, the one that
  // has been idle longest, of all or of those to the same host, is closed.
  void make_available(Connection& connection, const ClientSettings& settings);
  void close_surplus(const Connection& latest, const ClientSettings& settings);
  Connection* first_idle() const;
  void remove(Connection& connection);
  // It takes no more exchanges.
  void withdraw(Connection& connection);
  // Where requests may have to wait in line:
  Connection* first_idle_to(const Url& hop) const;
  // Whether one may be opened to `hop`; an idle one to another host goes for it, or one to the same
  // host that can't be used.
  bool make_room(const Url& hop);
  // Takes the exchange out of the line that can have a connection now; null if none can.
  Exchange* next_in_line();

  Traffic& traffic_;
  const uint64_t user_;
  Instant last_refused_{};  // when the end of a request was reported that reached no server
  TlsSessions tls_sessions_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<Connection*> available_;      // that have room; the most recently used last
  std::unique_ptr<ConnectionQueue> queue_;  // null where no request has to wait
  uint32_t exchanges_ = 0;                  // that use the pool
};

// Which versions of HTTP a client speaks.
enum class HttpVersions : uint8_t {
  kHttp1,
  kNegotiated,  // HTTP/2 where TLS agrees on it, else HTTP/1.1
  kHttp2,       // HTTP/2 only: in clear text by prior knowledge
};

struct ClientSettings {
  std::string user_agent = "perigee/0.1.0";
  // Otherwise each request has a connection of its own, and says so to the server.
  bool reuse_connections = true;
  // What a pool keeps, in all and to one host; at least 1.
  size_t idle_connections = limits::kIdleConnections;
  size_t idle_connections_per_host = limits::kIdleConnectionsPerHost;
  // What a pool may have open; requests beyond that wait in line, which counts as blocked.
  ConnectionLimits connections{};
  HttpVersions versions = HttpVersions::kNegotiated;
  // Requests that one HTTP/2 connection carries at a time, if its server allows as many.
  uint32_t streams_per_connection = limits::kStreamsPerConnection;
  // A connection is closed when it has been idle for so long, and takes no new request when it has
  // been open for so long; zero: never.
  Duration idle_timeout{};
  Duration connection_lifetime{};
  // When requests may start; null: at once. Shared with other clients, and outlives them.
  RateLimit* rate = nullptr;
  ProxySettings proxies{};
  // Where requests and answers are told; null: nowhere. It outlives the client.
  HttpDebug* debug = nullptr;
  // How https connections are made; null: as the network says.
  std::shared_ptr<const TlsContext> tls{};
};

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
  // That a connection is taken to carry.
  uint32_t streams() const;
  // Sends it over a kept connection or a new one, later if one has to settle first. Where there may
  // be none now, it joins the line, and the result is false.
  bool route(Exchange& exchange, Instant now);
  // It had a connection, which has failed it.
  void send_again(Exchange& exchange);
  void dial(Exchange& exchange);
  // A connection has become free or is gone: sends what waits for that.
  void serve_line(ConnectionPool& pool);
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
