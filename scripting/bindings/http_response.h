// The table that a script gets as the response of a request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/http/response.h"
#include "scripting/bindings/http/request_spec.h"
#include "scripting/lua.h"

namespace perigee {

// Builds response tables, which cost what the script asks for: no userdata per request (the
// collector would stop for milliseconds), headers and timings when they are first read.
class HttpResponseBuilder {
 public:
  // What comes before the parts of a response: its request as the script wrote it, as method, URL,
  // body and parameters.
  static constexpr int kRequestParts = 4;

  // Called once, before any `push`. Replaces the function on top of the stack, which makes the
  // field `request` of those parts, by the one that makes a response table of all parts.
  void open(lua_State* L);

  // Leaves the parts of the response on the stack of any coroutine; returns how many. `url` is
  // where it came from in the end, null if that is the URL of the request. May move the body out.
  int push_parts(lua_State* L, const std::string* url, http::Response& response, bool keep_body);
  // The same for a request whose URL is invalid.
  int push_invalid_parts(lua_State* L, const RequestSpec& spec);
  // Makes the table of a request's parts and the `count` parts of the response on top of them.
  void build(lua_State* L, int count);

 private:
  void push_body(lua_State* L, http::Response& response, bool keep_body);
  void push_ip(lua_State* L, const Address& address);
  // The number, from 1, under which scripts find what TLS has agreed on; 0 without TLS.
  int tls_number(lua_State* L, const TlsParameters& tls);

  int build_ = LUA_NOREF;
  Address last_address_;  // whose text is kept: it is the same for most responses
  int last_ip_ = LUA_NOREF;
  // All that have been seen; the second is the list that scripts read. They are few.
  std::vector<TlsParameters> tls_parameters_;
  int tls_list_ = LUA_NOREF;
};

// The header fields of a response table as they came, for who looks for one of them: the field
// `headers` would be made of all. Valid while the table holds them.
std::string_view response_fields(lua_State* L, int index);

// parse_headers(block) -> the field `headers` of a response
int parse_headers(lua_State* L);

// Pushes the field `request` of a response.
void push_request_table(lua_State* L, const RequestSpec& spec);

}  // namespace perigee
