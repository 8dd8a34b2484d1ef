#include "scripting/bindings/http/request.h"

#include <array>
#include <cctype>
#include <stdexcept>
#include <string>
#include <utility>

#include "scripting/binding.h"
#include "scripting/bindings/http_client_handle.h"
#include "scripting/call_guard.h"

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

HttpRequests& requests_of(lua_State* L) {
  return upvalue<HttpRequests>(L);
}

// get(url, params), post(url, body, params) and the like -> the parts of a response
int send_verb(lua_State* L) {
  HttpRequests& requests = requests_of(L);
  const Verb& verb = kVerbs[static_cast<size_t>(lua_tointeger(L, lua_upvalueindex(2)))];
  lua_settop(L, verb.has_body ? 3 : 2);
  try {
    LuaVu& vu = requests.worker().host().vu_for(verb.function);
    if (!verb.has_body) return requests.send(L, vu, {.method = verb.method, .url = 1, .params = 2});
    return requests.send(L, vu, {.method = verb.method, .url = 1, .body = 2, .params = 3});
  } catch (const std::runtime_error& error) {
    if (!verb.has_body) explain_call(L, verb.function, {1, 2}, error);
    explain_call(L, verb.function, {1, 2, 3}, error);
  }
}

// request(method, url, body, params) -> the parts of a response
int send_request(lua_State* L) {
  HttpRequests& requests = requests_of(L);
  lua_settop(L, 4);
  try {
    LuaVu& vu = requests.worker().host().vu_for("http.request");
    const std::string method = read_method(L, 1);
    return requests.send(L, vu, {.method = method, .url = 2, .body = 3, .params = 4});
  } catch (const std::runtime_error& error) {
    explain_call(L, "http.request", {1, 2, 3, 4}, error);
  }
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
  HttpRequests& requests = requests_of(L);
  lua_settop(L, 6);
  try {
    const HttpClient& client = client_at(L, 1);
    LuaVu& vu = requests.worker().host().vu_for(lua_tostring(L, 6));
    const std::string method = read_method(L, 2);
    return requests.send(L, vu,
                         {.method = method, .url = 3, .body = 4, .params = 5, .client = &client});
  } catch (const std::runtime_error& error) {
    explain_send(L, std::string(view_at(L, 6)), error);
  }
}

}  // namespace

std::string read_method(lua_State* L, int index) {
  std::string method(lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "");
  for (char& c : method) {
    if (std::isalpha(static_cast<unsigned char>(c)) == 0) method.clear();
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (method.empty())
    throw std::runtime_error("the method must be a word like \"GET\" or \"POST\"");
  return method;
}

void HttpRequests::add_functions(lua_State* L) {
  for (size_t i = 0; i < kVerbs.size(); ++i) {
    lua_pushlightuserdata(L, this);
    lua_pushinteger(L, static_cast<lua_Integer>(i));
    lua_pushcclosure(L, bound<send_verb>, 2);
    lua_setfield(L, -2, kVerbs[i].name);
  }
  const Function functions[] = {{"request", bound<send_request>},
                                {"client_send", bound<client_send>}};
  set_functions(L, this, functions);
}

HttpRequests::Unsent HttpRequests::take() {
  if (free_.empty()) free_.push_back(&requests_.emplace_back(*this));
  HttpRequest* const request = free_.back();
  free_.pop_back();
  return {request, Recycle{this}};
}

int HttpRequests::send(lua_State* L, LuaVu& vu, RequestArguments arguments) {
  arguments.vu = &vu;
  Unsent request = take();
  worker_.reader().read(L, arguments, request->spec());
  if (!request->spec().request.url) return worker_.push_invalid_parts(L, request->spec());
  request.release()->start(vu.prepare_wait());
  // The body is sent from where it lies: it stays alive with the values that are yielded.
  if (arguments.body == 0) return vu.wait(L, 0);
  lua_pushvalue(L, arguments.body);
  return vu.wait(L, 1);
}

HttpRequest::HttpRequest(HttpRequests& requests)
    : requests_(requests), worker_(requests.worker()), request_(worker_.calls(), *this) {}

void HttpRequest::start(Wake wake) {
  wake_ = wake;
  receiver_ = nullptr;
  start();
}

void HttpRequest::start(RequestReceiver& receiver, size_t index) {
  receiver_ = &receiver;
  index_ = index;
  start();
}

void HttpRequest::start() {
  const RequestSpec& spec = request_.spec;
  spec.vu->add(*this);
  request_.call.start(spec.client->configured->client, *spec.client->pool, spec.request,
                      spec.rules);
}

void HttpRequest::on_exchange(const http::Response& response, bool challenge) {
  worker_.record_exchange(request_.spec, response, challenge);
}

void HttpRequest::on_redirected(const http::Url& /*from*/) {
  worker_.on_redirected(request_);
}

bool HttpRequest::may_pause(Duration /*pause*/) {
  return worker_.may_pause(request_.spec);
}

void HttpRequest::on_call_end(http::Response& /*response*/) {
  if (request_.spec.source) request_.spec.source.reset();
  worker_.record_end(request_);
  if (receiver_ == nullptr) return resume();
  RequestReceiver& receiver = *receiver_;
  const size_t index = index_;
  hand_over();
  leave();
  receiver.go_on(index);
}

bool HttpRequest::failed_for_script() {
  return request_.spec.throws && request_.call.response().outcome.error;
}

void HttpRequest::resume() {
  Wake wake = wake_;
  lua_State* const L = wake.stack();
  int results = 2;
  if (failed_for_script()) {
    lua_pushnil(L);
    push_view(L, request_.failure());
  } else {
    results = worker_.push_parts(L, request_);
  }
  leave();
  wake.resume(results);
}

void HttpRequest::hand_over() {
  lua_State* const L = worker_.host().main_state();
  const StackGuard guard(L);
  if (failed_for_script()) {
    push_view(L, request_.failure());
  } else {
    receiver_->push_request(L, index_);
    worker_.build(L, request_);
  }
  receiver_->store(L, index_);
}

void HttpRequest::leave() {
  requests_.recycle(*this);
  request_.spec.vu->remove(*this);
}

void HttpRequest::cancel() {
  const http::CutOff cut_off = request_.call.cancel();
  if (request_.spec.source) request_.spec.source.reset();
  worker_.record_cancelled(request_.spec, cut_off);
  if (receiver_ != nullptr) receiver_->cancelled(index_);
  requests_.recycle(*this);
}

}  // namespace perigee
