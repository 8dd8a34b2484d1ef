// One WebSocket of a script.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/websocket/client.h"
#include "engine/websocket/socket.h"
#include "engine/websocket/websocket_metrics.h"
#include "scripting/bindings/websocket_params.h"
#include "scripting/bindings/websocket_vu.h"
#include "scripting/operation.h"

namespace perigee {

class ScriptHost;

// What the connections of a worker share.
struct WebSocketContext {
  ScriptHost& host;
  websocket::Client client;
  websocket::WebSocketMetrics metrics;
  Duration wall;  // from the engine's clock to that of the wall, the same for the whole run
};

// Belongs to its VU until the end of the iteration, and is an operation of it until it is closed.
class WebSocketConnection final : public Operation, private websocket::SocketEvents {
 public:
  // `jar` gives and takes cookies. It must outlive the connection, as must `vu` and `sockets`.
  WebSocketConnection(WebSocketContext& context, LuaVu& vu, WebSocketVu& sockets,
                      WebSocketParams params, http::CookieJar& jar);
  ~WebSocketConnection() override;
  WebSocketConnection(const WebSocketConnection&) = delete;
  WebSocketConnection& operator=(const WebSocketConnection&) = delete;

  void open();

  uint64_t number() const { return number_; }
  // The opening handshake has failed, or the connection is closed.
  bool over() const { return over_; }
  // Null unless it is open or was.
  websocket::Session* session() { return socket_ ? socket_->session() : nullptr; }
  bool has_event() const;
  // Pushes the next event, which must be there, as kind, payload, time and code, or ("close")
  // reason, time, code and error; returns how many values.
  int push_event(lua_State* L);

  void send(websocket::Opcode opcode, std::string_view payload);
  // Milliseconds since 1970, by the engine's clock.
  double time_of(Instant at) const;

  void cancel() override;

 private:
  void on_opened(const websocket::Opening& opening) override;
  void on_activity() override;
  bool may_pause(Duration pause) override;

  void record(const websocket::Incoming& incoming);
  websocket::ConnectionTags tags(int status, std::string_view subprotocol, std::string_view ip);
  // How the VU goes on that waits for what has just happened.
  struct Resumption {
    Wake wake{};
    int results = 0;
  };

  Resumption push_opening(const websocket::Opening& opening);
  Resumption take_waiting();
  void record_end();
  void leave(Resumption resumption);

  WebSocketContext& context_;
  LuaVu& vu_;
  WebSocketVu& sockets_;
  const uint64_t number_;
  const TagSetId tags_;
  WebSocketParams params_;
  http::CookieJar* jar_;
  std::unique_ptr<websocket::Socket> socket_;
  websocket::WebSocketMetrics::Series series_;
  Instant started_{};
  std::vector<std::pair<std::string, Instant>> pings_;  // not answered yet
  bool opened_ = false;
  bool over_ = false;
  bool told_ = false;  // the end has been pushed
};

}  // namespace perigee
