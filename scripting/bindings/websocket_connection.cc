#include "scripting/bindings/websocket_connection.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "engine/http/header_fields.h"
#include "engine/http/request_cookies.h"
#include "scripting/bindings/http_response.h"
#include "scripting/bindings/refusal_pause.h"
#include "scripting/lua_state.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

using websocket::Incoming;
using websocket::Opcode;
using websocket::Session;

// Of pings that a server never answers, the latest are remembered.
constexpr size_t kMostPings = 64;

WallTime wall_now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

const char* kind_of(Opcode opcode) {
  switch (opcode) {
    case Opcode::kText:
      return "text";
    case Opcode::kBinary:
      return "binary";
    case Opcode::kPing:
      return "ping";
    default:
      return "pong";
  }
}

}  // namespace

WebSocketConnection::WebSocketConnection(WebSocketContext& context, LuaVu& vu, WebSocketVu& sockets,
                                         WebSocketParams params, http::CookieJar& jar)
    : context_(context),
      vu_(vu),
      sockets_(sockets),
      number_(++sockets.connected),
      tags_(vu.context()),
      params_(std::move(params)),
      jar_(&jar) {}

// What has come in and was not taken counts all the same.
WebSocketConnection::~WebSocketConnection() {
  Session* const open = session();
  while (auto incoming = open != nullptr ? open->take() : std::nullopt)
    record(*incoming);
}

void WebSocketConnection::open() {
  started_ = context_.host.worker().loop.now();
  std::vector<http::Header> headers;
  http::RequestCookies own;
  for (const auto& [name, value] : params_.headers) {
    if (http::same_ignoring_case(name, "cookie")) {
      own.add_header(value);
    } else {
      headers.push_back({name, value});
    }
  }
  const std::string cookies = own.header_for(*params_.request.url, jar_, wall_now());
  if (!cookies.empty()) headers.push_back({"Cookie", cookies});
  params_.request.headers = headers;
  params_.request.user = vu_.id();
  vu_.add(*this);
  socket_ = context_.client.connect(params_.request, *this);
  params_.request.headers = {};
}

bool WebSocketConnection::may_pause(Duration /*pause*/) {
  return may_pause_refused(context_.host, vu_);
}

bool WebSocketConnection::has_event() const {
  if (told_ || !opened_) return false;
  return over_ || (socket_->session() != nullptr && !socket_->session()->empty());
}

double WebSocketConnection::time_of(Instant at) const {
  return to_ms(at.time_since_epoch() + context_.wall);
}

int WebSocketConnection::push_event(lua_State* L) {
  Session* const open = session();
  if (auto incoming = open != nullptr ? open->take() : std::nullopt) {
    record(*incoming);
    lua_pushstring(L, kind_of(incoming->opcode));
    push_view(L, incoming->payload);
    lua_pushnumber(L, time_of(incoming->at));
    return 3;
  }
  told_ = true;
  const websocket::Ending ending = open != nullptr ? open->ending() : websocket::Ending();
  lua_pushliteral(L, "close");
  push_view(L, ending.reason);
  lua_pushnumber(L, time_of(ending.at));
  lua_pushinteger(L, ending.code);
  push_view(L, ending.error);
  return 5;
}

void WebSocketConnection::record(const Incoming& incoming) {
  if (incoming.opcode == Opcode::kText || incoming.opcode == Opcode::kBinary) {
    context_.metrics.record_received(series_, incoming.at);
  } else if (incoming.opcode == Opcode::kPong) {
    const auto ping = std::find_if(pings_.begin(), pings_.end(), [&](const auto& sent) {
      return sent.first == incoming.payload;
    });
    if (ping == pings_.end()) return;
    context_.metrics.record_ping(series_, incoming.at - ping->second, incoming.at);
    pings_.erase(ping);
  }
}

void WebSocketConnection::send(Opcode opcode, std::string_view payload) {
  const Instant now = context_.host.worker().loop.now();
  if (opcode == Opcode::kPing) {
    if (pings_.size() == kMostPings) pings_.erase(pings_.begin());
    pings_.emplace_back(payload, now);
  } else {
    context_.metrics.record_sent(series_, now);
  }
  session()->send(opcode, payload);
}

websocket::ConnectionTags WebSocketConnection::tags(int status, std::string_view subprotocol,
                                                    std::string_view ip) {
  return {.context = tags_,
          .url = params_.url,
          .own = params_.tags,
          .status = status,
          .subprotocol = subprotocol,
          .ip = ip};
}

void WebSocketConnection::on_opened(const websocket::Opening& opening) {
  opened_ = true;
  started_ = opening.started;  // later than the call where the rate made it wait
  vu_.attribute_samples();
  const std::string ip = opening.remote.empty() ? "" : opening.remote.ip();
  series_ = context_.metrics.record_opening(tags(opening.status, opening.subprotocol, ip),
                                            opening.ended - opening.started, opening.ended);
  if (!opening.fields.empty()) {
    jar_->update(*params_.request.url, opening.fields, wall_now());
  }
  Resumption waiting = push_opening(opening);
  if (opening.error) {
    context_.host.worker().log.limited(
        LogLevel::kWarning, "websocket failed",
        fmt::format("WebSocket {}: {}", params_.url, opening.error.text));
    told_ = true;
    return leave(waiting);
  }
  if (waiting.wake.wanted()) waiting.wake.resume(waiting.results);
}

WebSocketConnection::Resumption WebSocketConnection::push_opening(
    const websocket::Opening& opening) {
  if (!sockets_.waits_for(WebSocketVu::Wait::kOpening, this)) return {};
  const Wake wake = sockets_.end_wait();
  lua_State* const L = wake.stack();
  lua_pushnumber(L, static_cast<double>(number_));
  lua_pushinteger(L, opening.status);
  push_view(L, opening.error.text);
  push_view(L, opening.subprotocol);
  push_view(L, opening.fields);
  lua_pushboolean(L, opening.compressed ? 1 : 0);
  lua_pushnumber(L, to_ms(opening.ended - opening.started));
  push_view(L, opening.remote.empty() ? "" : opening.remote.ip());
  return {wake, 8};
}

void WebSocketConnection::on_activity() {
  const bool closed = session()->state() == Session::State::kClosed && !over_;
  if (closed) record_end();
  Resumption waiting = take_waiting();
  if (closed) return leave(waiting);
  if (waiting.wake.wanted()) waiting.wake.resume(waiting.results);
}

void WebSocketConnection::record_end() {
  over_ = true;
  vu_.attribute_samples();
  const websocket::Ending& ending = session()->ending();
  context_.metrics.record_end(series_, ending.at - started_, ending.at);
  if (ending.error.empty()) return;
  context_.host.worker().log.limited(LogLevel::kWarning, "websocket broke",
                                     fmt::format("WebSocket {}: {}", params_.url, ending.error));
}

// The VU may end its iteration, and destroy this, when the last of its operations leaves it.
void WebSocketConnection::leave(Resumption resumption) {
  over_ = true;
  sockets_.traffic.sent += socket_->bytes_sent();
  sockets_.traffic.received += socket_->bytes_received();
  vu_.remove(*this);
  if (resumption.wake.wanted()) resumption.wake.resume(resumption.results);
}

WebSocketConnection::Resumption WebSocketConnection::take_waiting() {
  using Wait = WebSocketVu::Wait;
  if (sockets_.waits_for(Wait::kEvent, this) && has_event()) {
    const Wake wake = sockets_.end_wait();
    return {wake, push_event(wake.stack())};
  }
  if (sockets_.waits_for(Wait::kAny, nullptr) && has_event()) return {sockets_.end_wait(), 0};
  if (sockets_.waits_for(Wait::kUnsent, this) &&
      (over_ || session()->buffered() <= limits::kWebSocketUnsent / 2)) {
    const Wake wake = sockets_.end_wait();
    lua_pushnumber(wake.stack(), time_of(context_.host.worker().loop.now()));
    return {wake, 1};
  }
  return {};
}

void WebSocketConnection::cancel() {
  const Instant now = context_.host.worker().loop.now();
  if (opened_) {
    session()->say_goodbye(websocket::close_code::kGoingAway);
    context_.metrics.record_interrupted(series_, now);
  } else {
    context_.metrics.record_interrupted_opening(tags(0, {}, {}), now);
  }
  sockets_.traffic.sent += socket_->bytes_sent();
  sockets_.traffic.received += socket_->bytes_received();
  over_ = told_ = true;
  // What it has not told any more, it does not tell: the socket goes with the iteration.
}

}  // namespace perigee
