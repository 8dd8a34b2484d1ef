#include "engine/websocket/socket.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/rate_limit.h"
#include "engine/http/errors.h"
#include "engine/http/http_debug.h"
#include "engine/http/request_head.h"

namespace perigee::websocket {

struct Socket::Handshake {
  Handshake(http::Http1Parser::Events& events, const ConnectRequest& request)
      : parser(http::Http1Parser::Role::kClient, events, limits::kResponseHead),
        url(request.url),
        settings(request.settings),
        timeout(request.timeout),
        user(request.user),
        offer(request.offer),
        message_limit(request.message_limit) {}

  http::Http1Parser parser;
  std::shared_ptr<const http::Url> url;
  const ClientSettings* settings;  // null: the client's
  Duration timeout;
  uint64_t user;
  Offer offer;
  size_t message_limit;
  std::optional<Timer> turn;                   // while the rate makes it wait
  std::unique_ptr<http::ExchangeTrace> trace;  // null unless the log is to have it
  std::unique_ptr<http::Dial> dial;
  std::unique_ptr<Stream> stream;
  std::string head;  // as it is sent
  std::string key;
  int informational = 0;
  std::optional<Agreement> agreement;
  Opening opening;
};

Client::Client(Loop& loop, Network& network, Deadlines& deadlines, ClientSettings settings,
               uint64_t seed)
    : loop_(loop),
      network_(network),
      deadlines_(deadlines),
      settings_(std::move(settings)),
      random_(seed),
      pool_(random_()) {}

std::unique_ptr<Socket> Client::connect(const ConnectRequest& request, SocketEvents& events) {
  return std::make_unique<Socket>(*this, request, events);
}

Socket::Socket(Client& client, const ConnectRequest& request, SocketEvents& events)
    : client_(client),
      events_(events),
      handshake_(
          std::make_unique<Handshake>(static_cast<http::Http1Parser::Events&>(*this), request)) {
  handshake_->key = make_key(client.random_);
  handshake_->opening.error = write_head(request);
  start(client.loop_.now());
}

void Socket::start(Instant now) {
  handshake_->opening.started = now;
  // Reported on a later turn, as everything is.
  if (handshake_->opening.error) {
    handshake_->opening.ended = now;
    return client_.deadlines_.arm(*this, refused_pause(now), now);
  }
  const Instant turn = settings().rate == nullptr ? now : settings().rate->reserve(now);
  if (turn <= now) return begin(now);
  handshake_->turn.emplace(client_.loop_.timers(), [this] { begin(client_.loop_.now()); });
  handshake_->turn->start(turn);
}

const ClientSettings& Socket::settings() const {
  return handshake_->settings != nullptr ? *handshake_->settings : client_.settings_;
}

void Socket::begin(Instant now) {
  handshake_->opening.started = now;
  client_.deadlines_.arm(*this, handshake_->timeout, now);
  http::DialEvents& dialled = *this;
  handshake_->dial = std::make_unique<http::Dial>(client_.loop_, client_.network_,
                                                  client_.deadlines_, target(), dialled);
}

// A proxy makes a tunnel to either kind of server: the handshake is no request that it may answer.
http::DialTarget Socket::target() const {
  const Handshake& handshake = *handshake_;
  http::DialTarget target{.hop = handshake.url,
                          .local = client_.network_.local_address(handshake.user),
                          .tls = settings().tls.get()};
  if (const http::Proxy* proxy = settings().proxies.proxy_for(*handshake.url)) {
    target.hop = proxy->url;
    target.beyond = handshake.url;
    target.authorization = proxy->authorization;
  }
  return target;
}

Socket::~Socket() = default;

http::Error Socket::write_head(const ConnectRequest& request) {
  const bool behind_proxy = settings().proxies.proxy_for(*request.url) != nullptr;
  // Without a proxy this is looked at when a connection is made.
  if (behind_proxy && client_.network_.hosts().blocks(request.url->host)) {
    return http::blocked_hostname();
  }
  const HandshakeHeaders own(handshake_->key, request.offer);
  std::vector<http::Header> headers(own.fields());
  for (const http::Header& header : request.headers) {
    if (is_handshake_header(header.name)) {
      return {http::ErrorCode::kGeneric,
              fmt::format("the header {} is the handshake's own", header.name)};
    }
    headers.push_back(header);
  }
  http::Request handshake;
  handshake.url = request.url;
  handshake.method = "GET";
  handshake.headers = headers;
  const http::RequestHead head = http::write_request_head(
      handshake_->head, handshake,
      {.user_agent = settings().user_agent, .proxy = nullptr, .close = false});
  if (!head.error.empty()) return {http::ErrorCode::kGeneric, head.error};
  http::end_request_head(handshake_->head, head, 0);
  return {};
}

uint64_t Socket::bytes_sent() const {
  if (session_) return session_->bytes_sent();
  return handshake_ && handshake_->stream ? handshake_->stream->bytes_sent() : sent_;
}

uint64_t Socket::bytes_received() const {
  if (session_) return session_->bytes_received();
  return handshake_ && handshake_->stream ? handshake_->stream->bytes_received() : received_;
}

void Socket::on_dialled(http::Dialled dialled) {
  const std::unique_ptr<http::Dial> done = std::move(handshake_->dial);
  client_.refused_.on_reached();
  handshake_->stream = std::move(dialled.stream);
  handshake_->opening.remote = handshake_->stream->peer();
  if (http::HttpDebug* debug = settings().debug) {
    handshake_->trace = std::make_unique<http::ExchangeTrace>(*debug, handshake_->head, "");
  }
  handshake_->stream->hand_over(*this);
  handshake_->stream->write(handshake_->head, {});
}

void Socket::on_dial_failed(http::Error error) {
  const Instant now = client_.loop_.now();
  const Duration pause = refused_pause(now);
  if (pause == Duration::zero()) return fail(std::move(error));
  handshake_->dial.reset();
  handshake_->opening.error = std::move(error);
  handshake_->opening.ended = now;
  disarm();
  client_.deadlines_.arm(*this, pause, now);
}

Duration Socket::refused_pause(Instant now) {
  Duration pause = client_.refused_.on_refused(client_.last_refused_, now);
  if (pause > Duration::zero() && !events_.may_pause(pause)) pause = Duration::zero();
  client_.last_refused_ = now + pause;
  return pause;
}

void Socket::on_read(std::string_view bytes, Instant at) {
  Handshake& handshake = *handshake_;
  while (!bytes.empty() && handshake.opening.status == 0 && handshake.parser.error().empty())
    bytes.remove_prefix(handshake.parser.feed(bytes));
  if (!handshake.parser.error().empty()) {
    fail(http::malformed_response(handshake.parser.error()));
  } else if (handshake.opening.error) {
    fail(std::move(handshake.opening.error));
  } else if (handshake.agreement) {
    open(bytes, at);
  }
}

void Socket::on_head(const http::Http1Head& head) {
  Handshake& handshake = *handshake_;
  if (head.status < 200 && head.status != 101) {
    if (++handshake.informational > limits::kInformationalResponses) {
      handshake.opening.status = head.status;
      handshake.opening.error = http::malformed_response("too many informational (1xx) responses");
    }
    return;
  }
  if (handshake.trace) {
    handshake.trace->on_head({.status = head.status, .reason = head.reason, .fields = head.fields});
  }
  Opening& opening = handshake.opening;
  opening.status = head.status;
  opening.reason = head.reason;
  opening.fields = head.fields;
  std::string error;
  handshake.agreement = read_handshake_answer(head, handshake.key, handshake.offer, error);
  if (!handshake.agreement) {
    opening.error = {http::ErrorCode::kGeneric, fmt::format("bad handshake: {}", error)};
  }
}

void Socket::open(std::string_view rest, Instant at) {
  disarm();
  const std::unique_ptr<Handshake> handshake = std::move(handshake_);
  if (handshake->trace) handshake->trace->on_end({});
  Opening& opening = handshake->opening;
  opening.ended = at;
  opening.subprotocol = std::move(handshake->agreement->subprotocol);
  opening.compressed = handshake->agreement->deflate.has_value();
  session_.emplace(client_.loop_, client_.deadlines_, client_.pool_,
                   SessionSettings{.role = Role::kClient,
                                   .message_limit = handshake->message_limit,
                                   .deflate = handshake->agreement->deflate},
                   std::move(handshake->stream), events_);
  if (!rest.empty()) session_->receive(rest, at);
  events_.on_opened(opening);
}

void Socket::on_closed(int error) {
  const bool answered = !handshake_->parser.idle();
  fail(error != 0 ? http::stream_error(error) : http::cut_off(answered));
}

void Socket::on_deadline() {
  fail(handshake_->opening.error ? std::move(handshake_->opening.error) : http::request_timeout());
}

void Socket::fail(http::Error error) {
  disarm();
  sent_ = bytes_sent();
  received_ = bytes_received();
  const std::unique_ptr<Handshake> handshake = std::move(handshake_);
  if (handshake->trace) handshake->trace->on_end(error);
  // Whoever reads 101 takes the WebSocket for open.
  if (handshake->opening.status == 101) handshake->opening.status = 0;
  handshake->opening.error = std::move(error);
  // What waited for its end has ended before.
  if (handshake->opening.ended == Instant{}) handshake->opening.ended = client_.loop_.now();
  events_.on_opened(handshake->opening);
}

}  // namespace perigee::websocket
