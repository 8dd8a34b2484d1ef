#include "target/websocket_echo.h"

#include <utility>

#include "engine/base/limits.h"
#include "target/json_reply.h"

namespace perigee {

using websocket::Opcode;
using websocket::Session;

http::Reply open_echo(EchoContext& context, std::string_view request_fields) {
  std::string fields, error;
  const auto agreement = websocket::accept_handshake(request_fields, fields, error);
  if (!agreement) return error_reply(400, error);
  http::Reply reply;
  reply.status = 101;
  reply.fields = std::move(fields);
  reply.upgrade = [&context, agreed = *agreement](std::unique_ptr<Stream> stream,
                                                  std::function<void()> finished) {
    return std::make_unique<WebSocketEcho>(context, agreed, std::move(stream), std::move(finished));
  };
  return reply;
}

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
