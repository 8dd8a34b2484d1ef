#include "scripting/bindings/http_response.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <new>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/http/header_fields.h"
#include "scripting/binding.h"
#include "scripting/bindings/http_cookies.h"
#include "scripting/call_guard.h"
#include "scripting/json_codec.h"
#include "scripting/json_path.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

// Larger bodies stay C++ strings until a script reads them.
constexpr size_t kEagerBody = 8 * 1024;
constexpr const char* kBodyType = "perigee.http.body";

// "content-type" -> "Content-Type", as k6 shows header names.
std::string canonical(std::string_view name) {
  std::string result(name);
  bool first = true;
  for (char& c : result) {
    const auto byte = static_cast<unsigned char>(c);
    c = static_cast<char>(first ? std::toupper(byte) : std::tolower(byte));
    first = c == '-';
  }
  return result;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && std::strchr(" \t\r", text.back()) != nullptr)
    text.remove_suffix(1);
  return text;
}

// Adds one header to the table on top of the stack; values of the same name are joined.
void add_header(lua_State* L, std::string_view name, std::string_view value) {
  push_view(L, name);
  lua_pushvalue(L, -1);
  lua_rawget(L, -3);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    push_view(L, value);
  } else {
    lua_pushliteral(L, ", ");
    push_view(L, value);
    lua_concat(L, 3);
  }
  lua_rawset(L, -3);
}

// Makes a table of the block of fields at 1, whose names are given the form that `named` makes.
template <typename Named>
int parse_fields(lua_State* L, const Named& named) {
  std::string_view block = view_at(L, 1);
  lua_newtable(L);
  while (!block.empty()) {
    const size_t end = std::min(block.find('\n'), block.size() - 1);
    const std::string_view line = block.substr(0, end + 1);
    block.remove_prefix(end + 1);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view value = line.substr(colon + 1);
    add_header(L, named(trim(line.substr(0, colon))),
               trim(value.substr(0, value.find_last_not_of("\r\n") + 1)));
  }
  return 1;
}

// parse_trailers(block) -> the field `trailers` of a response
int parse_trailers(lua_State* L) {
  return parse_fields(L, [](std::string_view name) { return http::to_lower(name); });
}

// take_body(userdata) -> string
int take_body(lua_State* L) {
  push_view(L, *static_cast<std::string*>(luaL_checkudata(L, 1, kBodyType)));
  return 1;
}

int free_body(lua_State* L) {
  static_cast<std::string*>(luaL_checkudata(L, 1, kBodyType))->~basic_string();
  return 0;
}

int decode(lua_State* L) {
  luaL_checktype(L, 1, LUA_TSTRING);
  decode_json(L, view_at(L, 1));
  return 1;
}

// find_json(text, path) -> value
int find_json(lua_State* L) {
  luaL_checktype(L, 1, LUA_TSTRING);
  if (lua_type(L, 2) != LUA_TSTRING) {
    throw std::runtime_error(
        fmt::format("res:json: the path must be a string, got a {}", luaL_typename(L, 2)));
  }
  push_json_path(L, view_at(L, 1), view_at(L, 2));
  return 1;
}

// parse_cookies(block) -> table
int parse_cookies(lua_State* L) {
  push_set_cookies(L, view_at(L, 1));
  return 1;
}

// The status in the number space of errors, as k6 tells it: 404 -> 1404.
int status_error(int status) {
  return status >= 400 ? 1000 + status : 0;
}

}  // namespace

std::string_view response_fields(lua_State* L, int index) {
  constexpr int kFields = 3;  // as in http_response.lua
  lua_rawgeti(L, index, kFields);
  const std::string_view fields = lua_type(L, -1) == LUA_TSTRING ? view_at(L, -1) : "";
  lua_pop(L, 1);
  return fields;
}

int parse_headers(lua_State* L) {
  return parse_fields(L, canonical);
}

void HttpResponseBuilder::open(lua_State* L) {
  luaL_newmetatable(L, kBodyType);
  lua_pushcfunction(L, free_body);
  lua_setfield(L, -2, "__gc");
  lua_pop(L, 1);
  for (const lua_CFunction function :
       {bound<parse_headers>, bound<parse_trailers>, bound<parse_cookies>, bound<take_body>,
        bound<decode>, bound<find_json>}) {
    lua_pushcfunction(L, function);
  }
  lua_newtable(L);
  lua_pushvalue(L, -1);
  tls_list_ = luaL_ref(L, LUA_REGISTRYINDEX);
  push_call_guard(L);
  run_prelude(L, "http_response", 9);
  lua_pushvalue(L, -1);
  build_ = luaL_ref(L, LUA_REGISTRYINDEX);
}

void HttpResponseBuilder::push_body(lua_State* L, http::Response& response, bool keep_body) {
  if (!keep_body || response.status == 0) {
    lua_pushnil(L);
  } else if (response.body.size() <= kEagerBody) {
    push_view(L, response.body);
  } else {
    void* memory = lua_newuserdata(L, sizeof(std::string));
    new (memory) std::string(std::move(response.body));
    luaL_getmetatable(L, kBodyType);
    lua_setmetatable(L, -2);
  }
}

void HttpResponseBuilder::push_ip(lua_State* L, const Address& address) {
  if (last_ip_ == LUA_NOREF || !(address == last_address_)) {
    luaL_unref(L, LUA_REGISTRYINDEX, last_ip_);
    last_address_ = address;
    push_view(L, address.empty() ? "" : address.ip());
    last_ip_ = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  lua_rawgeti(L, LUA_REGISTRYINDEX, last_ip_);
}

int HttpResponseBuilder::tls_number(lua_State* L, const TlsParameters& tls) {
  if (*tls.version == '\0') return 0;
  const auto found = std::find(tls_parameters_.begin(), tls_parameters_.end(), tls);
  const auto number = static_cast<int>(found - tls_parameters_.begin()) + 1;
  if (found != tls_parameters_.end()) return number;
  tls_parameters_.push_back(tls);
  lua_rawgeti(L, LUA_REGISTRYINDEX, tls_list_);
  lua_createtable(L, 0, 3);
  lua_pushboolean(L, tls.resumed ? 1 : 0);
  lua_setfield(L, -2, "resumed");
  lua_pushstring(L, tls.version);
  lua_setfield(L, -2, "version");
  lua_pushstring(L, tls.cipher_suite);
  lua_setfield(L, -2, "cipher_suite");
  lua_rawseti(L, -2, number);
  lua_pop(L, 1);
  return number;
}

int HttpResponseBuilder::push_parts(lua_State* L, const std::string* url, http::Response& response,
                                    bool keep_body) {
  constexpr int kParts = 16;
  luaL_checkstack(L, kParts, "response");
  const http::Outcome& outcome = response.outcome;
  const http::Timings& timings = outcome.timings;
  lua_pushnumber(L, response.status);
  push_body(L, response, keep_body);
  if (url == nullptr) {
    lua_pushnil(L);
  } else {
    push_view(L, *url);
  }
  push_view(L, outcome.error.text);
  const int code = static_cast<int>(outcome.error.code);
  lua_pushnumber(L, code != 0 ? code : status_error(response.status));
  push_view(L, response.fields);
  push_view(L, response.reason);
  for (const Duration phase : {timings.blocked, timings.connecting, timings.tls_handshaking,
                               timings.sending, timings.waiting, timings.receiving}) {
    lua_pushnumber(L, to_ms(phase));
  }
  push_ip(L, outcome.remote);
  lua_pushnumber(L, tls_number(L, outcome.tls) * 0x40000 + outcome.remote.port() * 4 +
                        static_cast<int>(response.version));
  if (response.trailers.empty()) {
    lua_pushnil(L);
  } else {
    push_view(L, response.trailers);
  }
  return kParts;
}

int HttpResponseBuilder::push_invalid_parts(lua_State* L, const RequestSpec& spec) {
  http::Response response;
  response.outcome.error = {http::ErrorCode::kInvalidUrl, spec.url_error};
  return push_parts(L, &spec.url_text, response, /*keep_body=*/false);
}

void HttpResponseBuilder::build(lua_State* L, int count) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, build_);
  lua_insert(L, -1 - count - kRequestParts);
  lua_call(L, count + kRequestParts, 1);
}

namespace {

void push_request_cookie(lua_State* L, const http::RequestCookie& cookie) {
  lua_createtable(L, 0, 3);
  push_view(L, cookie.name);
  lua_setfield(L, -2, "name");
  push_view(L, cookie.value);
  lua_setfield(L, -2, "value");
  lua_pushboolean(L, cookie.replace ? 1 : 0);
  lua_setfield(L, -2, "replace");
}

}  // namespace

void push_request_table(lua_State* L, const RequestSpec& spec) {
  lua_createtable(L, 0, 5);
  push_view(L, spec.method);
  lua_setfield(L, -2, "method");
  push_view(L, spec.request.url ? spec.request.url->text : spec.url_text);
  lua_setfield(L, -2, "url");
  push_view(L, spec.plain_body);
  lua_setfield(L, -2, "body");
  lua_newtable(L);
  for (const http::Header& header : spec.headers) {
    push_view(L, canonical(header.name));
    lua_createtable(L, 1, 0);
    push_view(L, header.value);
    lua_rawseti(L, -2, 1);
    lua_rawset(L, -3);
  }
  lua_setfield(L, -2, "headers");
  lua_newtable(L);
  for (const http::RequestCookie& cookie : spec.cookies) {
    push_view(L, cookie.name);
    lua_createtable(L, 1, 0);
    push_request_cookie(L, cookie);
    lua_rawseti(L, -2, 1);
    lua_rawset(L, -3);
  }
  lua_setfield(L, -2, "cookies");
}

}  // namespace perigee
