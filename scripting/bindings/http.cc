#include "scripting/bindings/http.h"

#include <string>

#include "scripting/binding.h"
#include "scripting/bindings/http/request.h"
#include "scripting/bindings/http/worker.h"
#include "scripting/bindings/http_batch.h"
#include "scripting/bindings/http_client_handle.h"
#include "scripting/bindings/http_cookies.h"
#include "scripting/bindings/http_promise.h"
#include "scripting/bindings/http_streams.h"
#include "scripting/call_guard.h"
#include "scripting/sandbox.h"

namespace perigee {
namespace {

HttpWorker& worker_of(lua_State* L) {
  return upvalue<HttpWorker>(L);
}

int expected_statuses(lua_State* L) {
  return worker_of(L).statuses().push(L);
}

int set_response_callback(lua_State* L) {
  HttpWorker& worker = worker_of(L);
  luaL_checkany(L, 1);
  worker.http_of(worker.host().vu()).expected =
      worker.statuses().read(L, 1, "http.set_response_callback: callback");
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
  RequestSpec spec;
  worker_of(L).reader().read(
      L, {.method = method, .url = 2, .body = 3, .params = 4, .streamed = true}, spec);
  push_request_table(L, spec);
  return 1;
}

class HttpInstance final : public Module::Instance {
 public:
  HttpInstance(ScriptHost& host, const http::HttpMetricIds& ids,
               const http::StreamMetricIds& stream_ids, const http::ProxySettings& proxies)
      : worker_(host, ids, proxies), streams_(worker_, stream_ids) {}

  void push(lua_State* L) override {
    lua_newtable(L);
    const Function functions[] = {{"expected_statuses", bound<expected_statuses>},
                                  {"cookie_jar", bound<cookie_jar>},
                                  {"new_cookie_jar", bound<new_cookie_jar>},
                                  {"set_response_callback", bound<set_response_callback>}};
    set_functions(L, &worker_, functions);
    requests_.add_functions(L);
    promises_.add_functions(L);
    batches_.add_functions(L);
    streams_.add_functions(L);
    add_client_functions(L, worker_);
    worker_.bodies().open(L);
    lua_pushlightuserdata(L, &worker_);
    lua_pushcclosure(L, bound<describe_request>, 1);
    worker_.open(L);
    push_call_guard(L);
    run_prelude(L, "http", 3);
  }

 private:
  HttpWorker worker_;
  HttpRequests requests_{worker_};
  HttpPromises promises_{requests_};
  HttpBatches batches_{requests_};
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
