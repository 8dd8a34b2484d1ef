#include "scripting/bindings/http_promise.h"

#include "scripting/lua_state.h"

namespace perigee {

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
  owner_.finished(*this);
}

HttpPromise& PromisePool::take(HttpPromise::Owner& owner, lua_State* main) {
  if (free_.empty()) return promises_.emplace_back(owner, main);
  HttpPromise& promise = *free_.back();
  free_.pop_back();
  return promise;
}

}  // namespace perigee
