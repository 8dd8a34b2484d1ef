#include "scripting/bindings/websocket_vu.h"

#include <algorithm>
#include <utility>

#include "scripting/bindings/websocket_connection.h"

namespace perigee {

WebSocketVu::WebSocketVu(TimerQueue& timers, int rest)
    : timer_(timers, [this] { on_time(); }), rest_(rest) {}

WebSocketVu::~WebSocketVu() = default;

WebSocketConnection& WebSocketVu::add(std::unique_ptr<WebSocketConnection> connection) {
  connections_.push_back(std::move(connection));
  return *connections_.back();
}

WebSocketConnection* WebSocketVu::find(uint64_t number) const {
  for (const auto& connection : connections_) {
    if (connection->number() == number) return connection.get();
  }
  return nullptr;
}

bool WebSocketVu::any_event() const {
  return std::any_of(connections_.begin(), connections_.end(),
                     [](const auto& connection) { return connection->has_event(); });
}

void WebSocketVu::begin_wait(LuaVu& vu, Wait wait, const WebSocketConnection* on,
                             std::optional<Instant> until) {
  wake_ = vu.prepare_wait();
  wait_ = wait;
  on_ = on;
  if (until) timer_.start(*until);
}

bool WebSocketVu::waits_for(Wait wait, const WebSocketConnection* on) const {
  return wait_ == wait && on_ == on && wake_.wanted();
}

Wake WebSocketVu::end_wait() {
  timer_.stop();
  wait_ = Wait::kNothing;
  on_ = nullptr;
  return wake_;
}

void WebSocketVu::on_time() {
  Wake wake = end_wait();
  if (!wake.wanted()) return;
  lua_pushliteral(wake.stack(), "timeout");
  wake.resume(1);
}

void WebSocketVu::on_iteration_end(LuaVu& vu) {
  timer_.stop();
  wait_ = Wait::kNothing;
  connections_.clear();
  const http::Traffic told = std::exchange(traffic, {});
  vu.add_traffic(told.sent, told.received);
}

bool WebSocketVu::push_rest(lua_State* L) {
  const bool open = std::any_of(connections_.begin(), connections_.end(),
                                [](const auto& connection) { return !connection->over(); });
  if (open) lua_rawgeti(L, LUA_REGISTRYINDEX, rest_);
  return open;
}

}  // namespace perigee
