#include "target/websocket_echo.h"

#include <utility>

#include "engine/base/limits.h"

namespace perigee {

using websocket::Opcode;
using websocket::Session;

WebSocketEcho::WebSocketEcho(EchoContext& context, const websocket::Agreement& agreement,
                             std::unique_ptr<Stream> stream, std::function<void()> finished)
    : finished_(std::move(finished)),
      session_(context.loop, context.deadlines, context.pool,
               {.role = websocket::Role::kServer,
                .message_limit = limits::kRequestBody,
                .deflate = agreement.deflate},
               std::move(stream), *this) {}

void WebSocketEcho::receive(std::string_view bytes, Instant at) {
  session_.receive(bytes, at);
  on_activity();
}

// A client that does not read what comes back is not read from either.
void WebSocketEcho::on_activity() {
  while (session_.state() == Session::State::kOpen &&
         session_.buffered() < limits::kWebSocketUnsent) {
    const auto incoming = session_.take();
    if (!incoming) break;
    if (!websocket::is_control(incoming->opcode))
      session_.send(incoming->opcode, incoming->payload);
  }
  if (session_.state() == Session::State::kClosed) {
    const std::function<void()> finished = std::move(finished_);
    finished();
  }
}

}  // namespace perigee
