// The table that a script gets as the response of a request.
#pragma once

#include <string>

#include "engine/http/response.h"
#include "scripting/bindings/http_call.h"
#include "scripting/lua.h"

namespace perigee {

// Builds response tables, which cost what the script asks for: no userdata per request (the
// collector would stop for milliseconds), headers and timings when they are first read.
class HttpResponseBuilder {
 public:
  // Called once, before any `push`. Leaves the Lua function that makes a table of parts on the
  // stack.
  void open(lua_State* L);

  // Leaves the parts on the stack of any coroutine; returns how many. May move the body out.
  int push_parts(lua_State* L, const std::string& url, http::Response& response, bool keep_body);
  // The same for a request whose URL is invalid.
  int push_invalid_parts(lua_State* L, const HttpCall& call);
  // Makes the table of the `count` parts on top of the stack of the host's main state.
  void build(lua_State* L, int count);

 private:
  void push_body(lua_State* L, http::Response& response, bool keep_body);
  void push_ip(lua_State* L, const Address& address);

  int build_ = LUA_NOREF;
  Address last_address_;  // whose text is kept: it is the same for most responses
  int last_ip_ = LUA_NOREF;
};

}  // namespace perigee
