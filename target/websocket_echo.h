// The target's end of a WebSocket that sends every message back.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "engine/http/server/reply.h"
#include "engine/loop/deadlines.h"
#include "engine/websocket/codec_pool.h"
#include "engine/websocket/handshake.h"
#include "engine/websocket/session.h"

namespace perigee {

// What the WebSockets of one server share.
struct EchoContext {
  explicit EchoContext(Loop& its_loop) : loop(its_loop), deadlines(its_loop.timers()) {}

  Loop& loop;
  Deadlines deadlines;
  websocket::CodecPool pool{0};
};

// The reply to a request for it: the end of the handshake, or what is wrong with the request.
http::Reply open_echo(EchoContext& context, std::string_view request_fields);

class WebSocketEcho final : public http::Upgraded, private websocket::SessionEvents {
 public:
  // `finished` is called when the connection is over, and destroys it.
  WebSocketEcho(EchoContext& context, const websocket::Agreement& agreement,
                std::unique_ptr<Stream> stream, std::function<void()> finished);

  // Bytes that came along with the handshake.
  void receive(std::string_view bytes, Instant at) override;

 private:
  void on_activity() override;

  std::function<void()> finished_;
  websocket::Session session_;
};

}  // namespace perigee
