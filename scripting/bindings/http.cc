#include "scripting/bindings/http.h"

#include <array>
#include <stdexcept>

#include "scripting/binding.h"
#include "scripting/bindings/http_client_handle.h"
#include "scripting/bindings/http_cookies.h"
#include "scripting/bindings/http_sender.h"
#include "scripting/bindings/http_streams.h"
#include "scripting/call_guard.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

// A function that sends requests of one method.
struct Verb {
  const char* name;
  const char* function;  // as messages call it
  std::string_view method;
  bool has_body;
};

constexpr std::array<Verb, 7> kVerbs{{
    {"get", "http.get", "GET", false},
    {"head", "http.head", "HEAD", false},
    {"post", "http.post", "POST", true},
    {"put", "http.put", "PUT", true},
    {"patch", "http.patch", "PATCH", true},
    {"del", "http.del", "DELETE", true},
    {"options", "http.options", "OPTIONS", true},
}};

HttpSender& sender_of(lua_State* L) {
  return upvalue<HttpSender>(L);
}

// get(url, params), post(url, body, params) and the like -> the parts of a response
int send_verb(lua_State* L) {
  HttpSender& sender = sender_of(L);
  const Verb& verb = kVerbs[static_cast<size_t>(lua_tointeger(L, lua_upvalueindex(2)))];
  lua_settop(L, verb.has_body ? 3 : 2);
  try {
    LuaVu& vu = sender.host().vu_for(verb.function);
    if (!verb.has_body) return sender.send(L, vu, {.method = verb.method, .url = 1, .params = 2});
    return sender.send(L, vu, {.method = verb.method, .url = 1, .body = 2, .params = 3});
  } catch (const std::runtime_error& error) {
    if (!verb.has_body) explain_call(L, verb.function, {1, 2}, error);
    explain_call(L, verb.function, {1, 2, 3}, error);
  }
}

// request(method, url, body, params) -> the parts of a response
int request(lua_State* L) {
  HttpSender& sender = sender_of(L);
  lua_settop(L, 4);
  try {
    LuaVu& vu = sender.host().vu_for("http.request");
    const std::string method = read_method(L, 1);
    return sender.send(L, vu, {.method = method, .url = 2, .body = 3, .params = 4});
  } catch (const std::runtime_error& error) {
    explain_call(L, "http.request", {1, 2, 3, 4}, error);
  }
}

// start(promise, method, url, body, params) -> what `await` needs, if the request was sent
int start_promise(lua_State* L) {
  HttpSender& sender = sender_of(L);
  lua_settop(L, 5);
  try {
    LuaVu& vu = sender.host().vu_for("http.async_request");
    const std::string method = read_method(L, 2);
    HttpPromise* const promise =
        sender.promise(L, vu, 1, {.method = method, .url = 3, .body = 4, .params = 5});
    if (promise == nullptr) return 0;
    lua_pushlightuserdata(L, promise);
    return 1;
  } catch (const std::runtime_error& error) {
    explain_call(L, "http.async_request", {2, 3, 4, 5}, error);
  }
}

// await(what start_promise returned), while the promise has no result
int await_promise(lua_State* L) {
  LuaVu& vu = sender_of(L).host().vu_for("promise:await");
  static_cast<HttpPromise*>(lua_touserdata(L, 1))->wake_up(vu.prepare_wait());
  return vu.wait(L, 0);
}

// batch(list, names) -> the list of responses
int batch(lua_State* L) {
  HttpSender& sender = sender_of(L);
  lua_settop(L, 2);
  return sender.batch(L, sender.host().vu_for("http.batch"), nullptr);
}

int expected_statuses(lua_State* L) {
  return sender_of(L).statuses().push(L);
}

int set_response_callback(lua_State* L) {
  HttpSender& sender = sender_of(L);
  luaL_checkany(L, 1);
  sender.http_of(sender.host().vu()).expected =
      sender.statuses().read(L, 1, "http.set_response_callback: callback");
  return 0;
}

int cookie_jar(lua_State* L) {
  push_own_cookie_jar(L);
  return 1;
}

int new_cookie_jar(lua_State* L) {
  push_new_cookie_jar(L);
  return 1;
}

// describe(method, url, body, params) -> res.request
int describe_request(lua_State* L) {
  lua_settop(L, 4);
  const std::string method = read_method(L, 1);
  const HttpCall& call = sender_of(L).reader().read(
      L, {.method = method, .url = 2, .body = 3, .params = 4, .streamed = true});
  push_request_table(L, call);
  return 1;
}

class HttpInstance final : public Module::Instance {
 public:
  HttpInstance(ScriptHost& host, const http::HttpMetricIds& ids,
               const http::StreamMetricIds& stream_ids, const http::ProxySettings& proxies)
      : sender_(host, ids, proxies), streams_(sender_, stream_ids) {}

  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {{"request", bound<request>},
                                  {"start", bound<start_promise>},
                                  {"await", bound<await_promise>},
                                  {"batch", bound<batch>},
                                  {"expected_statuses", bound<expected_statuses>},
                                  {"cookie_jar", bound<cookie_jar>},
                                  {"new_cookie_jar", bound<new_cookie_jar>},
                                  {"set_response_callback", bound<set_response_callback>}};
    set_functions(L, &sender_, functions);
    add_client_functions(L, sender_);
    sender_.bodies().open(L);
    push_verbs(L);
    streams_.push_function(L);
    lua_setfield(L, -2, "stream");
    lua_pushlightuserdata(L, &sender_);
    lua_pushcclosure(L, bound<describe_request>, 1);
    sender_.open(L);
    push_call_guard(L);
    run_prelude(L, "http", 3);
  }

 private:
  void push_verbs(lua_State* L) {
    for (size_t i = 0; i < kVerbs.size(); ++i) {
      lua_pushlightuserdata(L, &sender_);
      lua_pushinteger(L, static_cast<lua_Integer>(i));
      lua_pushcclosure(L, bound<send_verb>, 2);
      lua_setfield(L, -2, kVerbs[i].name);
    }
  }

  HttpSender sender_;
  HttpStreams streams_;
};

}  // namespace

void HttpModule::declare(MetricRegistry& registry) {
  ids_ = http::HttpMetricIds::declare(registry);
  stream_ids_ = http::StreamMetricIds::declare(registry);
}

std::unique_ptr<Module::Instance> HttpModule::open(ScriptHost& host) {
  return std::make_unique<HttpInstance>(host, ids_, stream_ids_, proxies_);
}

}  // namespace perigee
