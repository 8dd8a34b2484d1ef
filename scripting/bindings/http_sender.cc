#include "scripting/bindings/http_sender.h"

#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "scripting/bindings/http_cookies.h"
#include "scripting/bindings/refusal_pause.h"

namespace perigee {
namespace {

// A request that has failed, which is no error of its call.
class RequestFailed final : public std::exception {
 public:
  explicit RequestFailed(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

std::string failure_of(const HttpCall& call) {
  return fmt::format("{} {}: {}", call.method, call.url_text, call.url_error);
}

}  // namespace

HttpSender::HttpSender(ScriptHost& host, const http::HttpMetricIds& ids,
                       const http::ProxySettings& proxies)
    : host_(host),
      metrics_(ids, host.worker().shard),
      bodies_(host),
      reader_(metrics_, statuses_, bodies_, host.worker().options.http, host.worker().log),
      clients_(host, proxies),
      slot_(host.new_extension_slot()) {}

void HttpSender::open(lua_State* L) {
  reader_.open(L);
  statuses_.open(L);
  open_cookie_jars(L, *this);
  builder_.open(L);
}

HttpVu& HttpSender::http_of(LuaVu& vu) {
  VuExtension* extension = vu.extension(slot_);
  if (extension == nullptr) {
    vu.set_extension(slot_,
                     std::make_unique<HttpVu>(vu.id(), host_.worker().options.http, clients_));
    extension = vu.extension(slot_);
  }
  return static_cast<HttpVu&>(*extension);
}

const HttpClient& HttpSender::make_client(const HttpClientOptions& options) {
  if (!host_.loading()) {
    throw std::runtime_error(
        "http.client is called once per VU, at the top of the script: `local client = "
        "http.client{ ... }` outside of all functions");
  }
  return http_of(host_.vu()).make_client(clients_, options);
}

int HttpSender::send(lua_State* L, LuaVu& vu, HttpArguments arguments) {
  arguments.vu = &vu;
  HttpCall& call = reader_.read(L, arguments);
  if (!call.request.url) {
    const std::string failure = failure_of(call);
    if (call.throws) throw RequestFailed(failure);
    warn(failure);
    return builder_.push_invalid_parts(L, call);
  }
  start(call, vu, {.wake = vu.prepare_wait()});
  // The body is sent from where it lies: it stays alive with the values that are yielded.
  if (arguments.body == 0) return vu.wait(L, 0);
  lua_pushvalue(L, arguments.body);
  return vu.wait(L, 1);
}

HttpPromise* HttpSender::promise(lua_State* L, LuaVu& vu, int promise, HttpArguments arguments) {
  vu.refuse_aside();
  arguments.vu = &vu;
  HttpVu& http = http_of(vu);
  if (http.async_requests == limits::kAsyncRequests) {
    throw std::runtime_error(
        fmt::format("a VU may have {} asynchronous requests in flight", limits::kAsyncRequests));
  }
  HttpCall& call = reader_.read(L, arguments);
  HttpPromise& started = promises_.take(*this, host_.main_state());
  started.begin(L, promise, http);
  if (call.request.url) {
    start(call, vu, {.receiver = &started});
    return &started;
  }
  started.push_request(L, 0);
  push_invalid(L, call);
  started.store(L, 0);
  started.go_on(0);
  return nullptr;
}

int HttpSender::batch(lua_State* L, LuaVu& vu, const HttpClient* client) {
  vu.refuse_aside();
  HttpBatch& batch = batches_.take(*this, host_.main_state());
  batch.schedule().reset(http::batch_limits(host_.worker().options.http));
  try {
    check_batch(L, reader_, batch.schedule());
  } catch (const std::runtime_error&) {
    finished(batch);
    throw;
  }
  if (!batch.begin(L, vu, client)) return vu.wait(L, 0);
  const int results = batch.push_results(L);
  finished(batch);
  return results;
}

void HttpSender::start(HttpBatch& batch, size_t index, HttpCall& call) {
  start(call, batch.vu(), {.receiver = &batch, .index = index});
}

void HttpSender::start(HttpCall& call, LuaVu& vu, const HttpOperation::Target& target) {
  HttpOperationOwner& owner = *this;
  if (free_.empty()) free_.push_back(&operations_.emplace_back(owner, context_));
  HttpOperation* const operation = free_.back();
  free_.pop_back();
  operation->start(vu, http_of(vu), call, target);
}

void HttpSender::push_invalid(lua_State* L, const HttpCall& call) {
  if (call.throws) {
    lua_pop(L, HttpResponseBuilder::kRequestParts);
    push_view(L, failure_of(call));
    return;
  }
  warn(failure_of(call));
  builder_.build(L, builder_.push_invalid_parts(L, call));
}

void HttpSender::record(const HttpOperation& operation, const http::Response& response,
                        http::Verdict verdict) {
  operation.vu().attribute_samples();
  metrics_.record(operation.context(), operation.tags(), response.status, response.version, verdict,
                  response.outcome);
}

// A server's 401 that asks for a digest is what the script expects, unless it judges nothing.
void HttpSender::on_exchange(HttpOperation& operation, const http::Response& response,
                             bool challenge) {
  const http::Verdict verdict = statuses_.judge(operation.expected(), response.status);
  const bool expected = challenge && verdict == http::Verdict::kUnexpected;
  record(operation, response, expected ? http::Verdict::kExpected : verdict);
}

http::RequestTagsId HttpSender::redirected_tags(const HttpOperation& operation) {
  return metrics_.redirected_tags(operation.tags(), operation.method(), operation.url().text);
}

bool HttpSender::may_pause(const HttpOperation& operation) {
  return may_pause_refused(host_, operation.vu());
}

void HttpSender::warn_stopped(const HttpOperation& operation) {
  const int64_t limit = host_.worker().options.http.max_redirects;
  if (!operation.redirects_by_default() || limit != http::HttpOptions().max_redirects) return;
  host_.worker().log.limited(
      LogLevel::kWarning, "redirects stopped",
      fmt::format("Stopped after {} redirects and returned the redirection at {}; say how many to "
                  "follow with {{ redirects = n }} or the option maxRedirects",
                  limit, operation.url().text));
}

void HttpSender::warn(const std::string& failure) {
  host_.worker().log.limited(LogLevel::kWarning, "request failed", "Request Failed: " + failure);
}

int HttpSender::push_parts(lua_State* L, const HttpOperation& operation, http::Response& response) {
  const std::string* url = operation.url_kept() ? nullptr : &operation.url().text;
  return builder_.push_parts(L, url, response, operation.keep_body());
}

TagSetId HttpSender::tags_of(const HttpOperation& operation, const http::Response& response) {
  return metrics_.answered_tags(operation.context(), operation.tags(), response.status,
                                response.version,
                                statuses_.judge(operation.expected(), response.status));
}

void HttpSender::record_end(const HttpOperation& operation, const http::Response& response) {
  record(operation, response, statuses_.judge(operation.expected(), response.status));
  if (response.outcome.error && !operation.throws()) warn(operation.failure(response));
  if (operation.stopped()) warn_stopped(operation);
}

void HttpSender::record_cancelled(const HttpOperation& operation, const http::CutOff& cut_off) {
  metrics_.record_cut_off(operation.context(), operation.tags(), cut_off,
                          host_.worker().loop.now());
}

void HttpSender::build(lua_State* L, const HttpOperation& operation, http::Response& response) {
  builder_.build(L, push_parts(L, operation, response));
}

void HttpSender::push_invalid_response(lua_State* L, const HttpCall& call) {
  if (call.throws) throw RequestFailed(failure_of(call));
  warn(failure_of(call));
  builder_.build(L, builder_.push_invalid_parts(L, call));
}

void HttpSender::on_done(HttpOperation& operation, http::Response& response) {
  record_end(operation, response);
  // The operation may be used again as soon as the VU goes on: what is still needed is taken now.
  const HttpOperation::Target target = operation.target();
  LuaVu& vu = operation.vu();
  if (target.receiver != nullptr) {
    hand_over(operation, response);
    free_.push_back(&operation);
    vu.remove(operation);
    return target.receiver->go_on(target.index);
  }
  Wake wake = target.wake;
  lua_State* const L = wake.stack();
  int results = 2;
  if (operation.throws() && response.outcome.error) {
    lua_pushnil(L);
    push_view(L, operation.failure(response));
  } else {
    results = push_parts(L, operation, response);
  }
  free_.push_back(&operation);
  vu.remove(operation);
  wake.resume(results);
}

void HttpSender::hand_over(HttpOperation& operation, http::Response& response) {
  lua_State* const L = host_.main_state();
  const StackGuard guard(L);
  const HttpOperation::Target& target = operation.target();
  if (operation.throws() && response.outcome.error) {
    push_view(L, operation.failure(response));
  } else {
    target.receiver->push_request(L, target.index);
    builder_.build(L, push_parts(L, operation, response));
  }
  target.receiver->store(L, target.index);
}

void HttpSender::on_cancelled(HttpOperation& operation, const http::CutOff& cut_off) {
  record_cancelled(operation, cut_off);
  const HttpOperation::Target& target = operation.target();
  if (target.receiver != nullptr) target.receiver->cancelled(target.index);
  free_.push_back(&operation);
}

}  // namespace perigee
