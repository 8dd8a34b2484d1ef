#include "engine/export/http_push.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "engine/export/label_set.h"
#include "engine/export/limits.h"
#include "engine/http/header_fields.h"

namespace perigee::exports {
namespace {

using Kind = PushResult::Kind;

// Reading the system's authorities takes longer than many a run's pushes.
http::ClientSettings client_settings(const HttpReceiver& receiver) {
  http::ClientSettings settings;
  settings.proxies = receiver.proxies;
  if (receiver.url->tls) settings.tls = std::make_shared<const TlsContext>(receiver.tls);
  return settings;
}

// Only the form with a number of seconds; a date would need the receiver's clock.
Duration retry_after(const http::Response& response) {
  const auto field = http::find_field(response.fields, "retry-after");
  if (!field) return {};
  uint32_t seconds = 0;
  std::from_chars(field->data(), field->data() + field->size(), seconds);
  return std::chrono::seconds(seconds);
}

bool may_help(int status) {
  return status == 408 || status == 425 || status == 429 || (status >= 500 && status != 501);
}

// "400 Bad Request: out of order sample"
std::string reason_of(const http::Response& response) {
  const std::string text =
      label_value(http::trim(std::string_view(response.body).substr(0, response.body.find('\n'))));
  const std::string status = fmt::format("{} {}", response.status, response.reason);
  if (text.empty()) return std::string(http::trim(status));
  return fmt::format("{}: {}", http::trim(status), text.substr(0, limits::kReason));
}

}  // namespace

HttpPush::HttpPush(Loop& loop, HttpReceiver receiver)
    : receiver_(std::move(receiver)),
      network_(loop),
      deadlines_(loop.timers()),
      client_(loop, network_, deadlines_, client_settings(receiver_)),
      pool_(traffic_),
      call_(context_, *this) {}

void HttpPush::send(const Push& push, std::function<void(PushResult)> done) {
  done_ = std::move(done);
  const std::shared_ptr<const http::Url> url = url_of(push);
  if (receiver_.sign) signed_ = receiver_.sign(*url, push.body);
  std::vector<http::Header> headers;
  for (const auto* list : {&receiver_.headers, &push.headers, &std::as_const(signed_)}) {
    for (const auto& [name, value] : *list)
      headers.push_back({name, value});
  }
  http::Request request;
  request.url = url;
  request.method = "POST";
  request.headers = headers;
  request.body = push.body;
  request.timeout = receiver_.timeout;
  call_.start(client_, pool_, request, {.redirects = 0});
}

std::shared_ptr<const http::Url> HttpPush::url_of(const Push& push) const {
  if (push.target.empty()) return receiver_.url;
  auto url = std::make_shared<http::Url>(*receiver_.url);
  url->target = push.target;
  return url;
}

void HttpPush::cancel() {
  if (!done_) return;
  done_ = {};
  call_.cancel();
}

void HttpPush::on_call_end(http::Response& response) {
  const auto done = std::exchange(done_, {});
  done(result_of(response));
}

PushResult result_of(const http::Response& response) {
  if (response.outcome.error) {
    return {.kind = Kind::kUnreachable, .reason = response.outcome.error.text};
  }
  if (response.status / 100 == 2) {
    return {.kind = Kind::kAccepted, .fields = response.fields, .body = response.body};
  }
  if (!may_help(response.status)) return {.kind = Kind::kRefused, .reason = reason_of(response)};
  return {.kind = Kind::kBusy, .reason = reason_of(response), .wait = retry_after(response)};
}

}  // namespace perigee::exports
