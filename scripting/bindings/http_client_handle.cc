#include "scripting/bindings/http_client_handle.h"

#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/bindings/http/worker.h"
#include "scripting/call_guard.h"

namespace perigee {
namespace {

constexpr const char* kType = "perigee.http.client";

HttpWorker& worker_of(lua_State* L) {
  return upvalue<HttpWorker>(L);
}

// client(settings) -> a client
int make_client(lua_State* L) {
  lua_settop(L, 1);
  const HttpClient& client = worker_of(L).make_client(read_client_options(L, 1));
  *static_cast<const HttpClient**>(lua_newuserdata(L, sizeof(void*))) = &client;
  luaL_getmetatable(L, kType);
  lua_setmetatable(L, -2);
  return 1;
}

// open_clients(methods) -> the function `client`
int open_clients(lua_State* L) {
  HttpWorker& worker = worker_of(L);
  luaL_newmetatable(L, kType);
  lua_pushvalue(L, 1);
  guard_calls(L, "client:", lua_gettop(L) - 1);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushlightuserdata(L, &worker);
  lua_pushcclosure(L, bound<make_client>, 1);
  return 1;
}

}  // namespace

const HttpClient& client_at(lua_State* L, int index) {
  void* const handle = lua_touserdata(L, index);
  if (handle != nullptr && lua_getmetatable(L, index) != 0) {
    lua_getfield(L, LUA_REGISTRYINDEX, kType);
    const bool is_client = lua_rawequal(L, -1, -2) != 0;
    lua_pop(L, 2);
    if (is_client) return **static_cast<const HttpClient**>(handle);
  }
  throw std::runtime_error(
      fmt::format("client must be what http.client returns, got a {}", luaL_typename(L, index)));
}

void add_client_functions(lua_State* L, HttpWorker& worker) {
  const Function functions[] = {{"open_clients", bound<open_clients>}};
  set_functions(L, &worker, functions);
}

}  // namespace perigee
