#include "scripting/bindings/http_client_handle.h"

#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/bindings/http_sender.h"
#include "scripting/call_guard.h"

namespace perigee {
namespace {

constexpr const char* kType = "perigee.http.client";

HttpSender& sender_of(lua_State* L) {
  return upvalue<HttpSender>(L);
}

// client(settings) -> a client
int make_client(lua_State* L) {
  lua_settop(L, 1);
  const HttpClient& client = sender_of(L).make_client(read_client_options(L, 1));
  *static_cast<const HttpClient**>(lua_newuserdata(L, sizeof(void*))) = &client;
  luaL_getmetatable(L, kType);
  lua_setmetatable(L, -2);
  return 1;
}

// open_clients(methods) -> the function `client`
int open_clients(lua_State* L) {
  HttpSender& sender = sender_of(L);
  luaL_newmetatable(L, kType);
  lua_pushvalue(L, 1);
  guard_calls(L, "client:", lua_gettop(L) - 1);
  lua_setfield(L, -2, "__index");
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
  lua_pushlightuserdata(L, &sender);
  lua_pushcclosure(L, bound<make_client>, 1);
  return 1;
}

// Says what is wrong with the call of the function `name` whose arguments client_send has got.
[[noreturn]] void explain_send(lua_State* L, const std::string& name,
                               const std::runtime_error& error) {
  if (name == "client:request") explain_call(L, name.c_str(), {1, 2, 3, 4, 5}, error);
  const bool has_body = name != "client:get" && name != "client:head";
  if (has_body) explain_call(L, name.c_str(), {1, 3, 4, 5}, error);
  explain_call(L, name.c_str(), {1, 3, 5}, error);
}

// client_send(client, method, url, body, params, name) -> the parts of a response
int client_send(lua_State* L) {
  HttpSender& sender = sender_of(L);
  lua_settop(L, 6);
  try {
    const HttpClient& client = client_at(L, 1);
    LuaVu& vu = sender.host().vu_for(lua_tostring(L, 6));
    const std::string method = read_method(L, 2);
    return sender.send(L, vu,
                       {.method = method, .url = 3, .body = 4, .params = 5, .client = &client});
  } catch (const std::runtime_error& error) {
    explain_send(L, std::string(view_at(L, 6)), error);
  }
}

// client_start(client, promise, method, url, body, params) -> what `await` needs, if it was sent
int client_start(lua_State* L) {
  HttpSender& sender = sender_of(L);
  lua_settop(L, 6);
  try {
    const HttpClient& client = client_at(L, 1);
    LuaVu& vu = sender.host().vu_for("client:async_request");
    const std::string method = read_method(L, 3);
    HttpPromise* const promise = sender.promise(
        L, vu, 2, {.method = method, .url = 4, .body = 5, .params = 6, .client = &client});
    if (promise == nullptr) return 0;
    lua_pushlightuserdata(L, promise);
    return 1;
  } catch (const std::runtime_error& error) {
    explain_call(L, "client:async_request", {1, 3, 4, 5, 6}, error);
  }
}

// client_batch(client, list, names) -> the list of responses
int client_batch(lua_State* L) {
  HttpSender& sender = sender_of(L);
  lua_settop(L, 3);
  const HttpClient& client = client_at(L, 1);
  LuaVu& vu = sender.host().vu_for("client:batch");
  lua_remove(L, 1);
  return sender.batch(L, vu, &client);
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

void add_client_functions(lua_State* L, HttpSender& sender) {
  const Function functions[] = {{"open_clients", bound<open_clients>},
                                {"client_send", bound<client_send>},
                                {"client_start", bound<client_start>},
                                {"client_batch", bound<client_batch>}};
  set_functions(L, &sender, functions);
}

}  // namespace perigee
