// Opens WebSockets. One per worker; used by its thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/base/limits.h"
#include "engine/base/random_generator.h"
#include "engine/http/client_settings.h"
#include "engine/http/refused_pause.h"
#include "engine/http/request.h"
#include "engine/http/response.h"
#include "engine/loop/deadlines.h"
#include "engine/loop/loop.h"
#include "engine/net/network.h"
#include "engine/websocket/codec_pool.h"
#include "engine/websocket/handshake.h"
#include "engine/websocket/session.h"

namespace perigee::websocket {

class Socket;

// What a connection is opened with.
struct ConnectRequest {
  std::shared_ptr<const http::Url> url;   // of the handshake: http or https
  std::span<const http::Header> headers;  // copied by `Client::connect`; see is_handshake_header
  Offer offer;
  Duration timeout = std::chrono::seconds(60);  // of the handshake, connecting included
  size_t message_limit = limits::kWebSocketMessage;
  uint64_t user = 1;  // decides the local address
  // Those of an HTTP client that the handshake is to be made with, and that outlives the socket;
  // null: the WebSocket client's own.
  const http::ClientSettings* settings = nullptr;
};

// How an opening handshake has ended.
struct Opening {
  int status = 0;  // of the response; 0 if there was none, or if it was a 101 that opens nothing
  std::string reason;
  std::string fields;  // of the answer
  std::string subprotocol;
  bool compressed = false;
  http::Error error;  // why there is no connection
  Address remote;     // empty if no connection was made
  Instant started{};
  Instant ended{};
};

// Told on the loop's thread, on later turns than `Client::connect`. Any call may destroy the
// socket.
class SocketEvents : public SessionEvents {
 public:
  // Once, before any activity. Without an error the socket has a session from now on.
  virtual void on_opened(const Opening& opening) = 0;
  // As `http::ResponseSink::may_pause`.
  virtual bool may_pause(Duration /*pause*/) { return false; }
};

// What a handshake takes from these: user agent, rate, proxies, log and TLS.
using ClientSettings = http::ClientSettings;

class Client {
 public:
  // All that is passed by reference must outlive the client, and the client its sockets.
  Client(Loop& loop, Network& network, Deadlines& deadlines, ClientSettings settings,
         uint64_t seed);

  // Destroying the socket closes the connection without telling anything.
  std::unique_ptr<Socket> connect(const ConnectRequest& request, SocketEvents& events);

 private:
  friend class Socket;

  Loop& loop_;
  Network& network_;
  Deadlines& deadlines_;
  ClientSettings settings_;
  http::RefusedPause refused_;
  Instant last_refused_{};  // see `http::RefusedPause`
  RandomGenerator random_;
  CodecPool pool_;
};

}  // namespace perigee::websocket
