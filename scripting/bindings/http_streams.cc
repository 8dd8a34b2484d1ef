#include "scripting/bindings/http_streams.h"

#include <stdexcept>
#include <string>

#include "engine/base/limits.h"
#include "scripting/binding.h"
#include "scripting/bindings/http/request.h"
#include "scripting/bindings/http_client_handle.h"
#include "scripting/call_guard.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

constexpr int kResponse = 1;

// open(stream, method, url, body, params, client): [2] of the stream holds what the functions below
// take, unless its URL is none
int open_stream(lua_State* L) {
  HttpStreams& streams = upvalue<HttpStreams>(L);
  lua_settop(L, 6);
  const bool of_client = !lua_isnil(L, 6);
  try {
    LuaVu& vu = streams.host().vu_for("http.stream");
    const std::string method = read_method(L, 2);
    const RequestArguments arguments{.method = method,
                                     .url = 3,
                                     .body = 4,
                                     .params = 5,
                                     .client = of_client ? &client_at(L, 6) : nullptr,
                                     .vu = &vu,
                                     .streamed = true};
    streams.open(L, 1, arguments);
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

void HttpStreams::add_functions(lua_State* L) {
  lua_pushlightuserdata(L, this);
  lua_pushcclosure(L, bound<open_stream>, 1);
  lua_pushcfunction(L, bound<await_head>);
  lua_pushcfunction(L, bound<next_item>);
  lua_pushcfunction(L, bound<close_stream>);
  lua_pushnumber(L, static_cast<double>(limits::kResponseBody));
  push_call_guard(L);
  run_prelude(L, "http_stream", 6);
  lua_setfield(L, -2, "stream");
}

std::unique_ptr<HttpStream, HttpStreams::Recycle> HttpStreams::take() {
  if (free_.empty()) free_.push_back(&streams_.emplace_back(*this, worker_, ids_));
  HttpStream* const stream = free_.back();
  free_.pop_back();
  return {stream, Recycle{this}};
}

void HttpStreams::open(lua_State* L, int table, const RequestArguments& arguments) {
  auto stream = take();
  worker_.reader().read(L, arguments, stream->spec());
  if (stream->spec().request.url) {
    stream.release()->open(L, table);
    return;
  }
  worker_.push_invalid(L, stream->spec());
  lua_rawseti(L, table, kResponse);
}

}  // namespace perigee
