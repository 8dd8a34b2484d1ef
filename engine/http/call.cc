#include "engine/http/call.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/http/basic_auth.h"
#include "engine/http/body_source.h"
#include "engine/http/digest_auth.h"
#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

WallTime wall_now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

// What of a response's header block matters here.
struct Notable {
  bool cookies = false;
  bool encoded = false;
};

// Whether the line is the field `name`, which ends in a colon. `telling` is where a byte of it
// tells it from its usual neighbours: most lines cost one look.
bool is_field(std::string_view line, std::string_view name, size_t telling) {
  return line.size() > name.size() && (line[telling] | 0x20) == name[telling] &&
         same_ignoring_case(line.substr(0, name.size()), name);
}

Notable find_notable(std::string_view fields) {
  Notable notable;
  while (!fields.empty()) {
    if (is_field(fields, "set-cookie:", 4)) {
      notable.cookies = true;
    } else if (is_field(fields, "content-encoding:", 8)) {
      notable.encoded = true;
    }
    fields.remove_prefix(std::min(fields.find('\n'), fields.size() - 1) + 1);
  }
  return notable;
}

}  // namespace

// What only calls of several exchanges have, and those with cookies.
struct Call::Following {
  std::string sent_head;        // of the exchange at hand, which forgets it when it ends
  std::string proxy_secret;     // in that head, of the client and not of the script
  std::vector<Header> headers;  // of the next one; they point into the strings here
  RequestCookies cookies;       // the request's own
  bool knows_cookies = false;   // `cookies` has them; else a Cookie header that was sent is theirs
  std::string cookie_header;
  std::string referer;
  std::string credentials;  // the answer to a challenge
  std::string authorization;
  uint32_t challenges = 0;  // that have been answered
  std::shared_ptr<const Url> first;
  Instant started{};  // the epoch stands for "not yet"
};

Call::Call(CallContext& context, CallEvents& events) : context_(context), events_(events) {}

Call::~Call() = default;

Call::Following& Call::following() {
  if (!following_) following_ = std::make_unique<Following>();
  return *following_;
}

void Call::start(Client& client, ConnectionPool& pool, const Request& request,
                 const CallRules& rules) {
  client_ = &client;
  pool_ = &pool;
  method_ = request.method;
  // Mostly the same as last time, and counting references costs more than looking.
  if (url_ != request.url) url_ = request.url;
  body_ = request.body;
  source_ = request.source;
  jar_ = rules.jar;
  redirects_ = rules.redirects;
  timeout_ = request.timeout;
  repeatable_ = request.repeatable;
  keep_body_ = rules.keep_body;
  streamed_ = rules.streamed;
  live_ = false;
  digest_ = rules.digest;
  stopped_ = false;
  if (following_) *following_ = Following();
  const bool has_cookies = !rules.cookies.empty() || (jar_ != nullptr && !jar_->empty());
  if (has_cookies || digest_) return start_apart(request, rules);
  collector_.begin(keep_body_);
  exchange_.start(client.exchanges(), pool, request, *this);
}

void Call::start_apart(const Request& request, const CallRules& rules) {
  Following& next = following();
  for (const Header& header : request.headers) {
    if (same_ignoring_case(header.name, "cookie")) {
      next.cookies.add_header(header.value);
    } else {
      next.headers.push_back(header);
    }
  }
  for (const RequestCookie& cookie : rules.cookies)
    next.cookies.add(cookie);
  next.knows_cookies = true;
  if (digest_) {
    // They must not be sent before the server has asked, nor in the open.
    next.credentials = url_->credentials;
    Url bare = *url_;
    bare.credentials.clear();
    url_ = std::make_shared<const Url>(std::move(bare));
  }
  add_cookies();
  send(timeout_);
}

CutOff Call::cancel() {
  const uint32_t retries = exchange_.retries();
  return {.sent = exchange_.cancel(), .retries = retries};
}

bool Call::awaits_challenge() const {
  return digest_ && following_->challenges < limits::kDigestChallenges;
}

void Call::on_head(const ResponseHead& head) {
  collector_.add_head(head);
  const bool moves = head.status / 100 == 3 && redirects_ > 0;
  if (moves || (head.status == 401 && awaits_challenge())) {
    following().sent_head = exchange_.request().head();
    following().proxy_secret = exchange_.request().proxy_authorization();
  } else if (streamed_) {
    live_ = true;
    // Whoever reads the stream may send further requests before it ends.
    if (jar_ != nullptr) jar_->update(*url_, response().fields, wall_now());
    events_.on_stream_begin();
  }
}

void Call::on_body(std::string_view bytes, Instant at) {
  if (!live_) return collector_.add_body(bytes);
  response().body_size += bytes.size();
  events_.on_stream_bytes(bytes, at);
}

void Call::on_end(const Outcome& outcome) {
  Response& response = collector_.end(outcome);
  if (!response.outcome.error && !live_) {
    const Notable notable = find_notable(response.fields);
    if (notable.cookies && jar_ != nullptr) jar_->update(*url_, response.fields, wall_now());
    if (response.status / 100 == 3 && redirect(response)) return;
    if (response.status == 401 && awaits_challenge() && answer_challenge(response)) return;
    if (notable.encoded) unpack(response);
  }
  events_.on_call_end(response);
}

void Call::unpack(Response& response) const {
  if (!keep_body_ || response.outcome.error) return;
  const std::string codings = joined_fields(response.fields, "content-encoding");
  response.outcome.error = context_.decoder.decode(codings, response.body);
  if (response.outcome.error) response.status = 0;
}

bool Call::redirect(Response& response) {
  const std::string_view location = find_field(response.fields, "location").value_or("");
  const Url& first = following_ && following_->first ? *following_->first : *url_;
  auto target = redirect_after({response.status, location}, method_, *url_, first);
  if (!target) return false;
  if (redirects_ == 0) {
    stopped_ = true;
    return false;
  }
  if (!target->error.empty()) {
    response.outcome.error = {ErrorCode::kGeneric, std::move(target->error)};
    response.status = 0;
    return false;
  }
  if (target->keeps_body && !body_again(response)) return false;
  events_.on_exchange(response, /*challenge=*/false);
  keep_headers(&*target);
  const std::shared_ptr<const Url> from = std::exchange(url_, std::move(target->url));
  method_ = std::move(target->method);
  if (!target->keeps_body) {
    body_ = {};
    source_ = nullptr;
  }
  --redirects_;
  Following& next = *following_;
  if (!next.first) next.first = from;
  next.challenges = 0;
  if (jar_ != nullptr) next.cookies.supersede(response.fields);
  if (!target->keeps_secrets) {
    digest_ = false;
    next.cookies.clear();
  }
  next.referer = std::move(target->referer);
  if (!next.referer.empty()) next.headers.push_back({"Referer", next.referer});
  add_cookies();
  events_.on_redirected(*from);
  send(time_left(response));
  return true;
}

bool Call::body_again(Response& response) const {
  if (source_ == nullptr || source_->rewind()) return true;
  response.outcome.error = {
      ErrorCode::kGeneric,
      fmt::format("the server answered {} and wants the body once more, but what a function made "
                  "is gone; send a string or http.body_file, or send to the last URL at once",
                  response.status)};
  response.status = 0;
  return false;
}

bool Call::answer_challenge(Response& response) {
  const auto challenge = find_digest_challenge(response.fields);
  Following& next = *following_;
  // A second one says that the password is wrong, unless it is the nonce that was too old.
  if (!challenge || (next.challenges > 0 && !challenge->stale)) return false;
  if (!body_again(response)) return false;
  events_.on_exchange(response, /*challenge=*/true);
  keep_headers(nullptr);
  ++next.challenges;
  const std::string nonce = fmt::format("{:016x}", context_.random());
  next.authorization = digest_auth(*challenge, {.credentials = next.credentials,
                                                .method = method_,
                                                .target = url_->target,
                                                .body = body_,
                                                .client_nonce = nonce});
  next.headers.push_back({"Authorization", next.authorization});
  add_cookies();
  send(time_left(response));
  return true;
}

void Call::keep_headers(const Redirect* redirect) {
  Following& next = *following_;
  next.headers.clear();
  const std::string_view head = next.sent_head;
  const size_t fields = head.find("\r\n") + 2;
  HeaderFields reader(head.substr(fields, head.find("\r\n\r\n") + 2 - fields));
  while (const auto header = reader.next()) {
    if (!next.knows_cookies && same_ignoring_case(header->name, "cookie")) {
      next.cookies.add_header(header->value);
    } else if (goes_along(*header, redirect)) {
      next.headers.push_back(*header);
    }
  }
  next.knows_cookies = true;
}

bool Call::goes_along(const Header& header, const Redirect* redirect) const {
  const std::string name = to_lower(header.name);
  // The client writes these anew, as `add_cookies` does.
  if (name == "content-length" || name == "transfer-encoding" || name == "cookie") return false;
  if (name == "proxy-authorization" && header.value == following_->proxy_secret) return false;
  if (name == "authorization") {
    const std::string& credentials = url_->credentials;
    if (digest_ || (!credentials.empty() && header.value == basic_auth(credentials))) return false;
  }
  if (name == "host") {
    const bool own = header.value != url_->host_header;
    return own && (redirect == nullptr || redirect->keeps_host_header);
  }
  if (redirect == nullptr) return true;
  if (name == "referer") return redirect->referer.empty();
  return (redirect->keeps_body || !is_body_header(name)) &&
         (redirect->keeps_secrets || !is_secret_header(name));
}

void Call::add_cookies() {
  Following& next = *following_;
  next.cookie_header = next.cookies.header_for(*url_, jar_, wall_now());
  if (!next.cookie_header.empty()) next.headers.push_back({"Cookie", next.cookie_header});
}

void Call::send(Duration timeout) {
  const Request request{.url = url_,
                        .method = method_,
                        .headers = following_->headers,
                        .body = body_,
                        .source = source_,
                        .timeout = timeout,
                        .repeatable = repeatable_};
  collector_.begin(keep_body_);
  exchange_.start(client_->exchanges(), *pool_, request, *this);
}

Instant Call::started() const {
  if (following_ && following_->started != Instant{}) return following_->started;
  return exchange_.active() ? exchange_.started() : collector_.response().outcome.started;
}

Response& Call::stop(Error error) {
  Response& response = collector_.response();
  if (exchange_.active()) response.outcome = exchange_.close();
  // The response may have been whole, or broken, by itself.
  if (error) response.outcome.error = std::move(error);
  if (response.outcome.error) response.status = 0;
  return response;
}

// The time-out is one for all exchanges.
Duration Call::time_left(const Response& response) const {
  Instant& started = following_->started;
  if (started == Instant{}) started = response.outcome.started;
  return std::max<Duration>(timeout_ - (response.outcome.ended - started), Duration(1));
}

}  // namespace perigee::http
