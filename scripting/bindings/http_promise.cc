#include "scripting/bindings/http_promise.h"

#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "scripting/binding.h"
#include "scripting/bindings/http_client_handle.h"
#include "scripting/call_guard.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

HttpPromises& promises_of(lua_State* L) {
  return upvalue<HttpPromises>(L);
}

int push_started(lua_State* L, HttpPromise* promise) {
  if (promise == nullptr) return 0;
  lua_pushlightuserdata(L, promise);
  return 1;
}

// start(promise, method, url, body, params) -> what `await` needs, if the request was sent
int start_promise(lua_State* L) {
  HttpPromises& promises = promises_of(L);
  lua_settop(L, 5);
  try {
    LuaVu& vu = promises.host().vu_for("http.async_request");
    const std::string method = read_method(L, 2);
    return push_started(
        L, promises.start(L, vu, 1, {.method = method, .url = 3, .body = 4, .params = 5}));
  } catch (const std::runtime_error& error) {
    explain_call(L, "http.async_request", {2, 3, 4, 5}, error);
  }
}

// client_start(client, promise, method, url, body, params) -> what `await` needs, if it was sent
int client_start(lua_State* L) {
  HttpPromises& promises = promises_of(L);
  lua_settop(L, 6);
  try {
    const HttpClient& client = client_at(L, 1);
    LuaVu& vu = promises.host().vu_for("client:async_request");
    const std::string method = read_method(L, 3);
    return push_started(
        L, promises.start(L, vu, 2,
                          {.method = method, .url = 4, .body = 5, .params = 6, .client = &client}));
  } catch (const std::runtime_error& error) {
    explain_call(L, "client:async_request", {1, 3, 4, 5, 6}, error);
  }
}

// await(what start_promise returned), while the promise has no result
int await_promise(lua_State* L) {
  LuaVu& vu = promises_of(L).host().vu_for("promise:await");
  static_cast<HttpPromise*>(lua_touserdata(L, 1))->wake_up(vu.prepare_wait());
  return vu.wait(L, 0);
}

// await_any(list of promises), while none of them has a result
int await_any(lua_State* L) {
  LuaVu& vu = promises_of(L).host().vu_for("http.race");
  const Wake wake = vu.prepare_wait();
  const int count = static_cast<int>(lua_objlen(L, 1));
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, 1, i);
    lua_getfield(L, -1, "pending");
    // Who comes first resumes the VU; the others find that it waits for them no more.
    static_cast<HttpPromise*>(lua_touserdata(L, -1))->wake_up(wake);
    lua_pop(L, 2);
  }
  return vu.wait(L, 0);
}

}  // namespace

void HttpPromise::begin(lua_State* L, int index, HttpVu& http) {
  http_ = &http;
  ++http.async_requests;
  wake_ = {};
  lua_pushvalue(L, index);
  promise_ = luaL_ref(L, LUA_REGISTRYINDEX);
}

void HttpPromise::push_request(lua_State* L, size_t /*index*/) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, promise_);
  for (const char* part : {"method", "url", "body", "params"}) {
    lua_pushstring(L, part);
    lua_rawget(L, -2);
    lua_insert(L, -2);
  }
  lua_pop(L, 1);
}

void HttpPromise::store(lua_State* L, size_t /*index*/) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, promise_);
  lua_insert(L, -2);
  lua_rawseti(L, -2, 1);
  lua_pop(L, 1);
}

void HttpPromise::go_on(size_t /*index*/) {
  Wake wake = wake_;
  finish();
  if (wake.wanted()) wake.resume(0);
}

void HttpPromise::cancelled(size_t index) {
  const StackGuard guard(main_);
  lua_pushliteral(main_, "the request was cut off with its iteration");
  store(main_, index);
  finish();
}

void HttpPromise::finish() {
  --http_->async_requests;
  luaL_unref(main_, LUA_REGISTRYINDEX, promise_);
  promises_.recycle(*this);
}

void HttpPromises::add_functions(lua_State* L) {
  const Function functions[] = {{"start", bound<start_promise>},
                                {"client_start", bound<client_start>},
                                {"await", bound<await_promise>},
                                {"await_any", bound<await_any>}};
  set_functions(L, this, functions);
}

HttpPromise* HttpPromises::start(lua_State* L, LuaVu& vu, int promise, RequestArguments arguments) {
  arguments.vu = &vu;
  vu.refuse_aside();
  HttpWorker& worker = requests_.worker();
  HttpVu& http = worker.http_of(vu);
  if (http.async_requests == limits::kAsyncRequests) {
    throw std::runtime_error(
        fmt::format("a VU may have {} asynchronous requests in flight", limits::kAsyncRequests));
  }
  HttpRequests::Unsent request = requests_.take();
  worker.reader().read(L, arguments, request->spec());
  HttpPromise& started = take();
  started.begin(L, promise, http);
  if (request->spec().request.url) {
    request.release()->start(started, 0);
    return &started;
  }
  started.push_request(L, 0);
  worker.push_invalid_result(L, request->spec());
  started.store(L, 0);
  started.go_on(0);
  return nullptr;
}

HttpPromise& HttpPromises::take() {
  if (free_.empty()) return promises_.emplace_back(*this, host().main_state());
  HttpPromise& promise = *free_.back();
  free_.pop_back();
  return promise;
}

}  // namespace perigee
