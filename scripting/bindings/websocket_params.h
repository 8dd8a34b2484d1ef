// What a script connects a WebSocket with: read from the arguments of websocket.connect.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/http/cookie_jar.h"
#include "engine/metrics/tags.h"
#include "engine/websocket/client.h"
#include "scripting/lua.h"

namespace perigee {

struct HttpClient;

struct WebSocketParams {
  websocket::ConnectRequest request;  // without headers: they are below
  std::string url;                    // as the script wrote it, free of credentials
  std::vector<std::pair<std::string, std::string>> headers;
  TagSet tags;
  std::shared_ptr<http::CookieJar> jar;  // null: the VU's
  const HttpClient* client = nullptr;    // whose settings the handshake is made with
  bool gives_timeout = false;
};

// Reads the URL at `url` and the parameters at `params`, which may be nil. Throws
// std::runtime_error for what makes no sense.
WebSocketParams read_websocket_params(lua_State* L, int url, int params);

// Reads a time in milliseconds or as text like "5s". Throws std::runtime_error; `what` is what it
// is called there.
Duration read_time(lua_State* L, int index, const char* what);

}  // namespace perigee
