#include "scripting/bindings/http/worker.h"

#include <exception>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

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

std::string failure_of(const RequestSpec& spec) {
  return fmt::format("{} {}: {}", spec.method, spec.url_text, spec.url_error);
}

}  // namespace

HttpWorker::HttpWorker(ScriptHost& host, const http::HttpMetricIds& ids,
                       const http::ProxySettings& proxies)
    : host_(host),
      metrics_(ids, host.worker().shard),
      bodies_(host),
      clients_(host, proxies),
      vus_(host, clients_),
      reader_(metrics_, statuses_, bodies_, vus_, host.worker().options.http, host.worker().log) {}

void HttpWorker::open(lua_State* L) {
  reader_.open(L);
  statuses_.open(L);
  open_cookie_jars(L, *this);
  builder_.open(L);
}

const HttpClient& HttpWorker::make_client(const HttpClientOptions& options) {
  if (!host_.loading()) {
    throw std::runtime_error(
        "http.client is called once per VU, at the top of the script: `local client = "
        "http.client{ ... }` outside of all functions");
  }
  return http_of(host_.vu()).make_client(clients_, options);
}

http::Verdict HttpWorker::judge(const RequestSpec& spec, const http::Response& response) {
  return statuses_.judge(*spec.expected, response.status);
}

void HttpWorker::record(const RequestSpec& spec, const http::Response& response,
                        http::Verdict verdict) {
  spec.vu->attribute_samples();
  metrics_.record(spec.context, spec.tags, response.status, response.version, verdict,
                  response.outcome);
}

// A server's 401 that asks for a digest is what the script expects, unless it judges nothing.
void HttpWorker::record_exchange(const RequestSpec& spec, const http::Response& response,
                                 bool challenge) {
  const http::Verdict verdict = judge(spec, response);
  const bool expected = challenge && verdict == http::Verdict::kUnexpected;
  record(spec, response, expected ? http::Verdict::kExpected : verdict);
}

void HttpWorker::on_redirected(RequestInFlight& request) {
  const http::Call& call = request.call;
  RequestSpec& spec = request.spec;
  spec.tags = metrics_.redirected_tags(spec.tags, call.method(), call.url().text);
  spec.url_kept = false;
}

void HttpWorker::record_end(RequestInFlight& request) {
  const http::Response& response = request.call.response();
  record(request.spec, response, judge(request.spec, response));
  const bool is_reported = request.spec.throws || !request.spec.vu->has_script();
  if (response.outcome.error && !is_reported) warn(request.failure());
  if (request.call.stopped()) warn_stopped(request);
}

void HttpWorker::record_cancelled(const RequestSpec& spec, const http::CutOff& cut_off) {
  metrics_.record_cut_off(spec.context, spec.tags, cut_off, host_.worker().loop.now());
}

TagSetId HttpWorker::tags_of(const RequestSpec& spec, const http::Response& response) {
  return metrics_.answered_tags(spec.context, spec.tags, response.status, response.version,
                                judge(spec, response));
}

bool HttpWorker::may_pause(const RequestSpec& spec) {
  return may_pause_refused(host_, *spec.vu);
}

void HttpWorker::warn_stopped(const RequestInFlight& request) {
  const int64_t limit = host_.worker().options.http.max_redirects;
  if (!request.spec.redirects_by_default || limit != http::HttpOptions().max_redirects) return;
  host_.worker().log.limited(
      LogLevel::kWarning, "redirects stopped",
      fmt::format("Stopped after {} redirects and returned the redirection at {}; say how many to "
                  "follow with {{ redirects = n }} or the option maxRedirects",
                  limit, request.call.url().text));
}

void HttpWorker::warn(const std::string& failure) {
  host_.worker().log.limited(LogLevel::kWarning, "request failed", "Request Failed: " + failure);
}

int HttpWorker::push_parts(lua_State* L, RequestInFlight& request) {
  const std::string* url = request.spec.url_kept ? nullptr : &request.call.url().text;
  return builder_.push_parts(L, url, request.call.response(), request.spec.rules.keep_body);
}

void HttpWorker::build(lua_State* L, RequestInFlight& request) {
  builder_.build(L, push_parts(L, request));
}

int HttpWorker::push_invalid_parts(lua_State* L, const RequestSpec& spec) {
  if (spec.throws) throw RequestFailed(failure_of(spec));
  warn(failure_of(spec));
  return builder_.push_invalid_parts(L, spec);
}

void HttpWorker::push_invalid(lua_State* L, const RequestSpec& spec) {
  builder_.build(L, push_invalid_parts(L, spec));
}

void HttpWorker::push_invalid_result(lua_State* L, const RequestSpec& spec) {
  if (!spec.throws) return push_invalid(L, spec);
  lua_pop(L, HttpResponseBuilder::kRequestParts);
  push_view(L, failure_of(spec));
}

}  // namespace perigee
