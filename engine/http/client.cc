#include "engine/http/client.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"
#include "engine/http/connection.h"
#include "engine/http/connection_pool.h"
#include "engine/http/dial.h"
#include "engine/http/exchange.h"

namespace perigee::http {

Client::Client(Loop& loop, Network& network, Deadlines& deadlines, ClientSettings settings)
    : network_(network),
      settings_(std::move(settings)),
      exchange_context_{.owner = *this,
                        .loop = loop,
                        .deadlines = deadlines,
                        .settings = settings_,
                        .hosts = network.hosts(),
                        .heads = heads_,
                        .refused = refused_},
      connection_context_{.owner = *this,
                          .loop = loop,
                          .deadlines = deadlines,
                          .settings = settings_,
                          .http2_fields = http2_fields_} {}

Client::~Client() {
  PERIGEE_CHECK(ended_.empty());
}

std::unique_ptr<Dial> Client::dial(ConnectionPool& pool, const PreparedRequest& request,
                                   DialEvents& events) {
  DialTarget target{.hop = request.shared_endpoint(),
                    .local = network_.local_address(pool.user()),
                    .tls = settings_.tls.get()};
  if (target.tls != nullptr && target.tls->resumes_sessions()) {
    target.sessions = &pool.tls_sessions();
  }
  if (request.endpoint().tls) target.protocols = protocols();
  if (request.tunnelled()) {
    target.hop = request.proxy()->url;
    target.beyond = request.url();
    target.authorization = request.proxy()->authorization;
  }
  return std::make_unique<Dial>(exchange_context_.loop, network_, exchange_context_.deadlines,
                                std::move(target), events);
}

Connection& Client::adopt(ConnectionPool& pool, const PreparedRequest& request,
                          std::unique_ptr<Stream> stream, bool counted) {
  const std::shared_ptr<const Url>& endpoint = request.shared_endpoint();
  return pool.opened(std::make_unique<Connection>(
      connection_context_, pool, endpoint, std::move(stream), keep_alives_.of(*endpoint), counted));
}

void Client::on_ended(Exchange& exchange) {
  ended_.push_back(&exchange);
}

void Client::on_cancelled(Exchange& exchange) {
  std::erase(ended_, &exchange);
  serve_queue(exchange.pool());
}

void Client::end_event(ConnectionPool& pool) {
  serve_queue(pool);
  report_ended();
}

std::vector<std::string_view> Client::protocols() const {
  if (settings_.versions == HttpVersions::kHttp2) return {"h2"};
  if (settings_.versions == HttpVersions::kNegotiated) return {"h2", "http/1.1"};
  return {};
}

void Client::serve_queue(ConnectionPool& pool) {
  if (!pool.has_queued()) return;
  const Instant now = exchange_context_.loop.now();
  while (Exchange* next = pool.next()) {
    if (!next->route(now)) return;
  }
}

void Client::report_ended() {
  while (!ended_.empty()) {
    Exchange& exchange = *ended_.front();
    ended_.erase(ended_.begin());
    exchange.report_end();
  }
}

}  // namespace perigee::http
