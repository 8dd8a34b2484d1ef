#include "scripting/bindings/http_operation.h"

#include <utility>

#include <fmt/format.h>

namespace perigee {

void HttpOperation::start(LuaVu& vu, HttpVu& http, HttpCall& call, const Target& target) {
  vu_ = &vu;
  target_ = target;
  context_ = vu.context();
  tags_ = call.tags;
  expected_ = call.expected.value_or(http.expected);
  keep_body_ = call.rules.keep_body;
  throws_ = call.throws;
  url_kept_ = call.url_kept;
  redirects_by_default_ = call.redirects_by_default;
  if (call.owns_body) {
    body_ = std::move(call.body);
    call.request.body = body_;
  }
  if (call.source) source_ = std::move(call.source);
  if (jar_ != call.jar) jar_ = call.jar;
  call.rules.jar = jar_ ? jar_.get() : &http.jar;
  vu.add(*this);
  const HttpClient& client = call.client != nullptr ? *call.client : http.client();
  Call::start(client.configured->client, *client.pool, call.request, call.rules);
}

std::string HttpOperation::failure(const http::Response& response) const {
  return fmt::format("{} {}: {}", method(), url().text, response.outcome.error.text);
}

void HttpOperation::on_exchange(const http::Response& response, bool challenge) {
  owner_.on_exchange(*this, response, challenge);
}

void HttpOperation::on_redirected(const http::Url& /*from*/) {
  tags_ = owner_.redirected_tags(*this);
  url_kept_ = false;
}

void HttpOperation::on_call_end(http::Response& response) {
  if (source_) source_.reset();
  owner_.on_done(*this, response);
}

void HttpOperation::cancel() {
  const http::CutOff cut_off = Call::cancel();
  if (source_) source_.reset();
  owner_.on_cancelled(*this, cut_off);
}

}  // namespace perigee
