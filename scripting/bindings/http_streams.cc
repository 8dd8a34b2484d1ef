#include "scripting/bindings/http_streams.h"

#include <stdexcept>
#include <string>

#include "engine/base/limits.h"
#include "scripting/binding.h"
#include "scripting/bindings/http_client_handle.h"
#include "scripting/call_guard.h"
#include "scripting/lua_state.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

constexpr int kResponse = 1;
constexpr int kHandle = 2;
constexpr int kMessage = 3;
constexpr int kRequest = 4;  // and those behind it

// open(stream, method, url, body, params, client): [2] of the stream holds what the functions below
// take, unless its URL is none
int open_stream(lua_State* L) {
  HttpStreams& streams = upvalue<HttpStreams>(L);
  lua_settop(L, 6);
  const bool of_client = !lua_isnil(L, 6);
  try {
    LuaVu& vu = streams.host().vu_for("http.stream");
    const std::string method = read_method(L, 2);
    const HttpArguments arguments{.method = method,
                                  .url = 3,
                                  .body = 4,
                                  .params = 5,
                                  .client = of_client ? &client_at(L, 6) : nullptr,
                                  .vu = &vu,
                                  .streamed = true};
    streams.open(L, vu, 1, arguments);
  } catch (const std::runtime_error& error) {
    if (of_client) explain_call(L, "client:stream", {6, 2, 3, 4, 5}, error);
    explain_call(L, "http.stream", {2, 3, 4, 5}, error);
  }
  return 0;
}

HttpStream& stream_at(lua_State* L, int index) {
  return *static_cast<HttpStream*>(lua_touserdata(L, index));
}

// await(handle); see `HttpStream::await_head`
int await_head(lua_State* L) {
  return stream_at(L, 1).await_head(L);
}

// next(handle, item); see `HttpStream::next`
int next_item(lua_State* L) {
  const auto item = static_cast<HttpStream::Item>(lua_tointeger(L, 2));
  return stream_at(L, 1).next(L, item);
}

int close_stream(lua_State* L) {
  stream_at(L, 1).close();
  return 0;
}

}  // namespace

void HttpStreams::push_function(lua_State* L) {
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, bound<open_stream>, 1);
  lua_pushcfunction(L, bound<await_head>);
  lua_pushcfunction(L, bound<next_item>);
  lua_pushcfunction(L, bound<close_stream>);
  lua_pushnumber(L, static_cast<double>(limits::kResponseBody));
  push_call_guard(L);
  run_prelude(L, "http_stream", 6);
}

void HttpStreams::open(lua_State* L, LuaVu& vu, int table, const HttpArguments& arguments) {
  HttpCall& call = sender_.reader().read(L, arguments);
  if (!call.request.url) {
    sender_.push_invalid_response(L, call);
    lua_rawseti(L, table, kResponse);
    return;
  }
  if (free_.empty()) {
    HttpStreamOwner& owner = *this;
    free_.push_back(&streams_.emplace_back(owner, sender_.context(), sender_.host(), ids_));
  }
  HttpStream& stream = *free_.back();
  free_.pop_back();
  lua_pushlightuserdata(L, &stream);
  lua_rawseti(L, table, kHandle);
  stream.open(L, table, vu, sender_.http_of(vu), call);
}

void HttpStreams::on_exchange(HttpOperation& operation, const http::Response& response,
                              bool challenge) {
  sender_.on_exchange(operation, response, challenge);
}

http::RequestTagsId HttpStreams::redirected_tags(const HttpOperation& operation) {
  return sender_.redirected_tags(operation);
}

void HttpStreams::on_cancelled(HttpOperation& operation, const http::CutOff& cut_off) {
  sender_.record_cancelled(operation, cut_off);
}

TagSetId HttpStreams::tags_of(const HttpStream& stream, const http::Response& response) {
  return sender_.tags_of(stream, response);
}

void HttpStreams::record(const HttpStream& stream, const http::Response& response) {
  sender_.record_end(stream, response);
}

void HttpStreams::publish(HttpStream& stream, http::Response& response) {
  lua_State* const L = sender_.host().main_state();
  const StackGuard guard(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, stream.table());
  const int table = lua_gettop(L);
  for (int i = 0; i < HttpResponseBuilder::kRequestParts; ++i)
    lua_rawgeti(L, table, kRequest + i);
  sender_.build(L, stream, response);
  lua_rawseti(L, table, kResponse);
}

void HttpStreams::finished(HttpStream& stream, bool cut_off) {
  lua_State* const L = sender_.host().main_state();
  const StackGuard guard(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, stream.table());
  lua_pushboolean(L, 0);
  lua_rawseti(L, -2, kHandle);
  if (cut_off) {
    lua_pushliteral(L, "the stream was cut off with its iteration");
    lua_rawseti(L, -2, kMessage);
  }
  luaL_unref(L, LUA_REGISTRYINDEX, stream.table());
  free_.push_back(&stream);
}

}  // namespace perigee
