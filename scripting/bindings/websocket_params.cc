#include "scripting/bindings/websocket_params.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/base/suggest.h"
#include "engine/http/header_fields.h"
#include "scripting/bindings/http_client_handle.h"
#include "scripting/bindings/http_clients.h"
#include "scripting/bindings/http_cookies.h"
#include "scripting/bindings/tag_table.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

using Read = void (*)(lua_State* L, int index, WebSocketParams& params);

struct Field {
  std::string_view name;
  Read read;
};

template <size_t N>
const Field& find_field(std::string_view name, const Field (&fields)[N], const char* what) {
  const auto* found = std::find_if(std::begin(fields), std::end(fields),
                                   [name](const Field& field) { return field.name == name; });
  if (found != std::end(fields)) return *found;
  std::array<std::string_view, N> names;
  std::transform(std::begin(fields), std::end(fields), names.begin(),
                 [](const Field& field) { return field.name; });
  throw std::runtime_error(
      fmt::format("there is no {} \"{}\"{}", what, name, did_you_mean(name, names)));
}

template <size_t N>
void read_fields(lua_State* L, int index, const Field (&fields)[N], const char* what,
                 WebSocketParams& params) {
  const int value = lua_gettop(L) + 2;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_settop(L, value - 1)) {
    const std::string_view name = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    find_field(name, fields, what).read(L, value, params);
  }
}

// An http URL in the place of a ws one: the handshake is an HTTP request.
http::Url parse_ws_url(std::string_view text) {
  const size_t colon = text.find("://");
  const std::string scheme = http::to_lower(text.substr(0, colon));
  if (colon == std::string_view::npos || (scheme != "ws" && scheme != "wss")) {
    throw std::runtime_error(
        fmt::format("the URL must start with ws:// or wss://, got \"{}\"", text));
  }
  if (text.find('#') != std::string_view::npos) {
    throw std::runtime_error(fmt::format("the URL of a WebSocket has no fragment: \"{}\"", text));
  }
  std::string error;
  auto url = http::parse_url(fmt::format("http{}", text.substr(2)), error);
  if (!url) throw std::runtime_error(fmt::format("the URL \"{}\": {}", text, error));
  return std::move(*url);
}

// "mqtt, stomp": each name of the list is offered.
void offer_list(std::string_view list, std::vector<std::string>& subprotocols) {
  while (!list.empty()) {
    const size_t comma = std::min(list.find(','), list.size());
    const std::string_view name = http::trim(list.substr(0, comma));
    if (!name.empty()) subprotocols.emplace_back(name);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

void read_headers(lua_State* L, int index, WebSocketParams& params) {
  if (!lua_istable(L, index)) throw std::runtime_error("headers must be a table of strings");
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING || lua_isstring(L, -1) == 0) {
      throw std::runtime_error("headers: names and values must be strings");
    }
    const std::string name(view_at(L, -2));
    lua_pushvalue(L, -1);  // a number's text, without changing the script's table
    const std::string value(view_at(L, -1));
    lua_pop(L, 1);
    // As scripts for k6 ask for subprotocols.
    if (http::same_ignoring_case(name, "Sec-WebSocket-Protocol")) {
      offer_list(value, params.request.offer.subprotocols);
    } else {
      params.headers.emplace_back(name, value);
    }
  }
  // A table has no order of its own; the wire has one.
  std::sort(params.headers.begin(), params.headers.end());
}

void read_tag_table(lua_State* L, int index, WebSocketParams& params) {
  params.tags = read_tags(L, index, "tags");
}

void add_subprotocol(lua_State* L, int index, WebSocketParams& params) {
  if (lua_type(L, index) != LUA_TSTRING) {
    throw std::runtime_error("subprotocols must be a name or a list of names");
  }
  params.request.offer.subprotocols.emplace_back(view_at(L, index));
}

void read_subprotocols(lua_State* L, int index, WebSocketParams& params) {
  params.request.offer.subprotocols.clear();
  if (!lua_istable(L, index)) return add_subprotocol(L, index, params);
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, index)); ++i) {
    lua_rawgeti(L, index, i);
    add_subprotocol(L, lua_gettop(L), params);
    lua_pop(L, 1);
  }
}

int read_window_bits(lua_State* L, int index) {
  const double bits = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : 0;
  if (!(bits >= 8 && bits <= websocket::kMostWindowBits) || bits != std::floor(bits)) {
    throw std::runtime_error("compression: window bits must be a whole number from 8 to 15");
  }
  return static_cast<int>(bits);
}

const Field kCompression[] = {
    {"contextTakeover",
     [](lua_State* L, int index, WebSocketParams& params) {
       const bool alone = lua_toboolean(L, index) == 0;
       params.request.offer.deflate->server_no_context_takeover = alone;
       params.request.offer.deflate->client_no_context_takeover = alone;
     }},
    {"clientMaxWindowBits",
     [](lua_State* L, int index, WebSocketParams& params) {
       params.request.offer.deflate->client_max_window_bits = read_window_bits(L, index);
     }},
    {"serverMaxWindowBits",
     [](lua_State* L, int index, WebSocketParams& params) {
       params.request.offer.deflate->server_max_window_bits = read_window_bits(L, index);
     }},
};

void read_compression(lua_State* L, int index, WebSocketParams& params) {
  if (lua_istable(L, index)) {
    params.request.offer.deflate.emplace();
    return read_fields(L, index, kCompression, "setting of compression", params);
  }
  const std::string_view name = lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "?";
  if (name != "deflate" && !name.empty()) {
    throw std::runtime_error(
        "compression must be \"deflate\", or a table like { contextTakeover = true }");
  }
  if (!name.empty()) params.request.offer.deflate.emplace();
}

void read_jar(lua_State* L, int index, WebSocketParams& params) {
  params.jar = cookie_jar_at(L, index);
}

void read_timeout(lua_State* L, int index, WebSocketParams& params) {
  params.request.timeout = read_time(L, index, "timeout");
  params.gives_timeout = true;
  if (params.request.timeout == Duration::zero()) {
    throw std::runtime_error("timeout must be above 0");
  }
}

void read_client(lua_State* L, int index, WebSocketParams& params) {
  params.client = &client_at(L, index);
}

// What the parameters say goes first.
void apply(const HttpClient& client, WebSocketParams& params) {
  const HttpClientOptions& options = client.configured->options;
  params.request.settings = &client.configured->client.settings();
  if (options.timeout && !params.gives_timeout) params.request.timeout = *options.timeout;
  for (const auto& header : options.headers) {
    const bool given = std::any_of(
        params.headers.begin(), params.headers.end(),
        [&](const auto& own) { return http::same_ignoring_case(own.first, header.first); });
    if (!given) params.headers.emplace_back(header.first, header.second);
  }
}

void read_message_limit(lua_State* L, int index, WebSocketParams& params) {
  const double bytes = lua_type(L, index) == LUA_TNUMBER ? lua_tonumber(L, index) : 0;
  if (!(bytes >= 1 && bytes <= std::numeric_limits<int32_t>::max())) {
    throw std::runtime_error("maxMessageSize must be a number of bytes, up to 2147483647");
  }
  params.request.message_limit = static_cast<size_t>(bytes);
}

const Field kParams[] = {
    {"headers", read_headers},
    {"tags", read_tag_table},
    {"subprotocols", read_subprotocols},
    {"compression", read_compression},
    {"jar", read_jar},
    {"client", read_client},
    {"timeout", read_timeout},
    {"maxMessageSize", read_message_limit},
};

}  // namespace

Duration read_time(lua_State* L, int index, const char* what) {
  std::optional<Duration> time;
  if (lua_type(L, index) == LUA_TNUMBER) {
    const double ms = lua_tonumber(L, index);
    if (ms >= 0 && ms < 1e12) time = Duration(std::llround(ms * 1e6));
  } else if (lua_type(L, index) == LUA_TSTRING) {
    time = parse_duration(view_at(L, index));
  }
  if (time && *time >= Duration::zero()) return *time;
  throw std::runtime_error(
      fmt::format("{} must be a duration like \"10s\", or a number of milliseconds", what));
}

WebSocketParams read_websocket_params(lua_State* L, int url, int params) {
  WebSocketParams result;
  if (lua_type(L, url) != LUA_TSTRING) {
    throw std::runtime_error(
        fmt::format("the URL must be a string, got a {}", luaL_typename(L, url)));
  }
  result.request.url = std::make_shared<const http::Url>(parse_ws_url(view_at(L, url)));
  result.url = "ws" + result.request.url->text.substr(4);
  if (lua_isnoneornil(L, params)) return result;
  if (!lua_istable(L, params)) {
    throw std::runtime_error(
        fmt::format("the parameters must be a table, got a {}", luaL_typename(L, params)));
  }
  read_fields(L, params, kParams, "parameter of connect", result);
  if (result.client != nullptr) apply(*result.client, result);
  return result;
}

}  // namespace perigee
