#include "scripting/bindings/websocket.h"

#include <chrono>
#include <optional>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/http/http_debug.h"
#include "engine/websocket/utf8_validator.h"
#include "scripting/binding.h"
#include "scripting/bindings/arguments.h"
#include "scripting/bindings/http_cookies.h"
#include "scripting/bindings/http_response.h"
#include "scripting/bindings/websocket_connection.h"
#include "scripting/call_guard.h"
#include "scripting/sandbox.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

using websocket::Opcode;
using websocket::Session;
using Wait = WebSocketVu::Wait;

// `debug` is where handshakes are logged.
websocket::ClientSettings client_settings(ScriptHost& host, const http::ProxySettings& proxies,
                                          http::HttpDebug& debug) {
  WorkerContext& worker = host.worker();
  const http::HttpOptions& options = worker.options.http;
  websocket::ClientSettings settings;
  if (!options.user_agent.empty()) settings.user_agent = options.user_agent;
  if (!worker.state.request_rate.unlimited()) settings.rate = &worker.state.request_rate;
  if (options.debug != http::HttpDebugLevel::kOff) settings.debug = &debug;
  settings.proxies = proxies;
  return settings;
}

Duration wall_offset(const Loop& loop) {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Duration>(wall) - loop.now().time_since_epoch();
}

class WebSocketInstance final : public Module::Instance {
 public:
  WebSocketInstance(ScriptHost& host, const websocket::WebSocketMetricIds& ids,
                    const http::ProxySettings& proxies)
      : debug_(host.worker().log, /*bodies=*/false, "WebSocket "),
        context_{host,
                 {host.worker().loop, host.network(), host.deadlines(),
                  client_settings(host, proxies, debug_), std::random_device()()},
                 {ids, host.worker().shard},
                 wall_offset(host.worker().loop)},
        slot_(host.new_extension_slot()) {}

  void push(lua_State* L) override;

 private:
  static WebSocketInstance& self(lua_State* L) { return upvalue<WebSocketInstance>(L); }

  static int connect(lua_State* L);
  static int send(lua_State* L);
  static int close(lua_State* L);
  static int poll(lua_State* L);
  static int next_event(lua_State* L);
  static int wait_any(lua_State* L);
  static int state(lua_State* L);
  static int buffered(lua_State* L);
  static int now(lua_State* L);
  static int vu(lua_State* L);
  static int set_rest(lua_State* L);

  ScriptHost& host() { return context_.host; }
  WebSocketVu& sockets_of(LuaVu& vu);
  // The connection whose number is the first argument; null if it is of an earlier iteration.
  WebSocketConnection* find(lua_State* L) {
    return sockets_of(host().vu()).find(static_cast<uint64_t>(luaL_checknumber(L, 1)));
  }
  // The same, which must be open.
  WebSocketConnection& open_connection(lua_State* L, const char* what);
  std::optional<Instant> until(lua_State* L, int index);

  http::HttpDebug debug_;
  WebSocketContext context_;
  size_t slot_;
  int rest_ = LUA_NOREF;
};

WebSocketVu& WebSocketInstance::sockets_of(LuaVu& vu) {
  VuExtension* extension = vu.extension(slot_);
  if (extension == nullptr) {
    vu.set_extension(slot_, std::make_unique<WebSocketVu>(host().worker().loop.timers(), rest_));
    extension = vu.extension(slot_);
  }
  return static_cast<WebSocketVu&>(*extension);
}

// The instant that is the time at `index` from now; nothing for nil.
std::optional<Instant> WebSocketInstance::until(lua_State* L, int index) {
  if (lua_isnoneornil(L, index)) return std::nullopt;
  return host().worker().loop.now() + read_time(L, index, "the time limit");
}

WebSocketConnection& WebSocketInstance::open_connection(lua_State* L, const char* what) {
  WebSocketConnection* const connection = find(L);
  Session* const session = connection != nullptr ? connection->session() : nullptr;
  if (session == nullptr || session->state() == Session::State::kClosed) {
    throw std::runtime_error(fmt::format("ws:{}: the WebSocket is closed", what));
  }
  if (session->state() == Session::State::kClosing) {
    throw std::runtime_error(fmt::format("ws:{}: the WebSocket is being closed", what));
  }
  return *connection;
}

WebSocketParams read_params(lua_State* L) {
  try {
    return read_websocket_params(L, 1, 2);
  } catch (const std::runtime_error& error) {
    explain_call(L, "websocket.connect", {1, 2}, error);
  }
}

// connect(url, params) -> number, status, error, subprotocol, header block, compressed, ms, ip
int WebSocketInstance::connect(lua_State* L) {
  WebSocketInstance& instance = self(L);
  LuaVu& vu = instance.host().vu_for("websocket.connect");
  lua_settop(L, 2);
  WebSocketParams params = read_params(L);
  WebSocketVu& sockets = instance.sockets_of(vu);
  http::CookieJar& jar = params.jar ? *params.jar : vu_cookie_jar(L, vu);
  WebSocketConnection& connection = sockets.add(std::make_unique<WebSocketConnection>(
      instance.context_, vu, sockets, std::move(params), jar));
  sockets.begin_wait(vu, Wait::kOpening, &connection, std::nullopt);
  connection.open();
  return vu.wait(L, 0);
}

// send(number, opcode, payload) -> the time
int WebSocketInstance::send(lua_State* L) {
  WebSocketInstance& instance = self(L);
  const auto opcode = static_cast<Opcode>(luaL_checkint(L, 2));
  WebSocketConnection& connection = instance.open_connection(L, "send");
  const std::string_view payload = view_at(L, 3);
  if (opcode == Opcode::kText && !websocket::is_utf8(payload)) {
    throw std::runtime_error(
        "ws:send: a text message must be UTF-8; use ws:send_binary for other bytes");
  }
  if (websocket::is_control(opcode) && payload.size() > websocket::kMostControl) {
    throw std::runtime_error("ws:ping: a ping carries 125 bytes at most");
  }
  connection.send(opcode, payload);
  if (connection.session()->buffered() <= limits::kWebSocketUnsent) {
    lua_pushnumber(L, connection.time_of(instance.host().worker().loop.recent()));
    return 1;
  }
  LuaVu& vu = instance.host().vu();
  instance.sockets_of(vu).begin_wait(vu, Wait::kUnsent, &connection, std::nullopt);
  return vu.wait(L, 0);
}

// close(number, code, reason)
int WebSocketInstance::close(lua_State* L) {
  WebSocketInstance& instance = self(L);
  const double code = luaL_optnumber(L, 2, websocket::close_code::kNormal);
  const std::string_view reason = optional_text(L, 3, "");
  const auto sent = static_cast<uint16_t>(code >= 0 && code < 65536 ? code : 0);
  if (!websocket::is_sendable(sent)) {
    throw std::runtime_error(fmt::format(
        "ws:close: the code must be one from 1000 that may be sent, or 3000 to 4999, got {}",
        code));
  }
  if (reason.size() > websocket::kMostReason || !websocket::is_utf8(reason)) {
    throw std::runtime_error("ws:close: the reason must be UTF-8 of at most 123 bytes");
  }
  WebSocketConnection* const connection = instance.find(L);
  Session* const session = connection != nullptr ? connection->session() : nullptr;
  if (session != nullptr) session->close(sent, reason);
  return 0;
}

// poll(number) -> the parts of an event, or nothing
int WebSocketInstance::poll(lua_State* L) {
  WebSocketConnection* const connection = self(L).find(L);
  return connection != nullptr && connection->has_event() ? connection->push_event(L) : 0;
}

// next(number, limit) -> the parts of an event, "timeout", or nothing if no event will come
int WebSocketInstance::next_event(lua_State* L) {
  WebSocketInstance& instance = self(L);
  const std::optional<Instant> until = instance.until(L, 2);
  WebSocketConnection* const connection = instance.find(L);
  if (connection == nullptr) return 0;
  if (connection->has_event()) return connection->push_event(L);
  if (connection->over()) return 0;
  LuaVu& vu = instance.host().vu();
  instance.sockets_of(vu).begin_wait(vu, Wait::kEvent, connection, until);
  return vu.wait(L, 0);
}

// wait_any(limit): until any of the VU's connections has an event
int WebSocketInstance::wait_any(lua_State* L) {
  WebSocketInstance& instance = self(L);
  const std::optional<Instant> until = instance.until(L, 1);
  LuaVu& vu = instance.host().vu_for("websocket.run");
  WebSocketVu& sockets = instance.sockets_of(vu);
  if (sockets.any_event()) return 0;
  sockets.begin_wait(vu, Wait::kAny, nullptr, until);
  return vu.wait(L, 0);
}

int WebSocketInstance::state(lua_State* L) {
  WebSocketConnection* const connection = self(L).find(L);
  Session* const session = connection != nullptr ? connection->session() : nullptr;
  const Session::State state = session != nullptr ? session->state() : Session::State::kClosed;
  lua_pushstring(L, state == Session::State::kOpen      ? "open"
                    : state == Session::State::kClosing ? "closing"
                                                        : "closed");
  return 1;
}

int WebSocketInstance::buffered(lua_State* L) {
  WebSocketConnection* const connection = self(L).find(L);
  Session* const session = connection != nullptr ? connection->session() : nullptr;
  lua_pushnumber(L, session != nullptr ? static_cast<double>(session->buffered()) : 0);
  return 1;
}

int WebSocketInstance::now(lua_State* L) {
  WebSocketInstance& instance = self(L);
  const Instant at = instance.host().worker().loop.now();
  lua_pushnumber(L, to_ms(at.time_since_epoch() + instance.context_.wall));
  return 1;
}

// vu() -> its number, its iterations so far
int WebSocketInstance::vu(lua_State* L) {
  const LuaVu& vu = self(L).host().vu_for("websocket.run");
  lua_pushnumber(L, static_cast<double>(vu.id()));
  lua_pushnumber(L, static_cast<double>(vu.iterations()));
  return 2;
}

int WebSocketInstance::set_rest(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  self(L).rest_ = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

void WebSocketInstance::push(lua_State* L) {
  lua_newtable(L);
  const Function functions[] = {{"connect", bound<connect>},
                                {"send", bound<send>},
                                {"close", bound<close>},
                                {"poll", bound<poll>},
                                {"next_event", bound<next_event>},
                                {"wait_any", bound<wait_any>},
                                {"state", bound<state>},
                                {"buffered", bound<buffered>},
                                {"now", bound<now>},
                                {"vu", bound<vu>},
                                {"set_rest", bound<set_rest>}};
  set_functions(L, this, functions);
  lua_pushcfunction(L, bound<parse_headers>);
  lua_setfield(L, -2, "parse_headers");
  push_call_guard(L);
  run_prelude(L, "websocket", 2);
}

}  // namespace

void WebSocketModule::declare(MetricRegistry& registry) {
  ids_ = websocket::WebSocketMetricIds::declare(registry);
}

std::unique_ptr<Module::Instance> WebSocketModule::open(ScriptHost& host) {
  return std::make_unique<WebSocketInstance>(host, ids_, proxies_);
}

}  // namespace perigee
