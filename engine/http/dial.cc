#include "engine/http/dial.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/http/errors.h"

namespace perigee::http {

Dial::Dial(Loop& loop, Network& network, Deadlines& deadlines, DialTarget target,
           DialEvents& events)
    : loop_(loop),
      network_(network),
      deadlines_(deadlines),
      target_(std::move(target)),
      events_(events) {
  const Url& url = *target_.hop;
  if (network.hosts().blocks(url.host)) {
    fail(blocked_hostname());
  } else if (const auto known = network.hosts().find(url.host, url.port)) {
    try_addresses({*known});
  } else {
    look_up();
  }
}

void Dial::look_up() {
  const std::string& host = target_.hop->host;
  Resolver& resolver = network_.resolver();
  if (const Resolver::Answer* known = resolver.cached(host)) {
    use(*known);
    return;
  }
  alive_ = std::make_shared<Dial*>(this);
  resolver.resolve(host, alive_, [this](const Resolver::Answer& answer) { use(answer); });
}

void Dial::use(const Resolver::Answer& answer) {
  const Url& url = *target_.hop;
  if (answer.addresses.empty()) {
    fail(lookup_error(answer));
    return;
  }
  // A literal is what the script means, whatever the policy for names.
  const bool literal = alive_ == nullptr && Address::parse(url.host, 0);
  std::vector<Address> chosen = literal ? answer.addresses : network_.choose(url.host, answer);
  for (Address& address : chosen)
    address = address.with_port(url.port);
  try_addresses(chosen);
}

void Dial::try_addresses(const std::vector<Address>& found) {
  for (const Address& address : found) {
    if (!target_.local.empty() && target_.local.v6() != address.v6()) continue;
    // The first is the one that is meant; another must not stand in for it when it is blocked.
    if (network_.blocks(address)) break;
    addresses_.push_back(address);
  }
  if (!addresses_.empty()) {
    step_started_ = loop_.now();
    deadlines_.arm(*this, limits::kConnectTimeout, step_started_);
    connect_next();
  } else if (!found.empty() && network_.blocks(found.front())) {
    fail(blocked_ip());
  } else {
    fail(no_usable_address(target_.local));
  }
}

void Dial::connect_next() {
  stream_ = TcpStream::connect(loop_, addresses_[next_++], *this, target_.local);
}

void Dial::fail(Error error) {
  failure_ = std::move(error);
  deadlines_.arm(*this, Duration::zero(), loop_.now());
}

// TCP is there, or TLS over it.
void Dial::on_connected() {
  const Duration taken = loop_.now() - step_started_;
  (step_ == Step::kConnect ? connecting_ : handshaking_) += taken;
  go_on();
}

void Dial::go_on() {
  if (step_ == Step::kConnect && target_.hop->tls) {
    begin_tls(Step::kHopTls, *target_.hop);
  } else if (step_ < Step::kTunnel && target_.beyond != nullptr) {
    begin_tunnel();
  } else if (step_ == Step::kTunnel && target_.beyond->tls) {
    begin_tls(Step::kServerTls, *target_.beyond);
  } else {
    events_.on_dialled({.stream = std::move(stream_),
                        .at = loop_.now(),
                        .connecting = connecting_,
                        .tls_handshaking = handshaking_});
  }
}

void Dial::begin_tls(Step step, const Url& server) {
  step_ = step;
  step_started_ = loop_.now();
  const TlsContext& context = target_.tls == nullptr ? network_.tls() : *target_.tls;
  const bool proxy = step == Step::kHopTls && target_.beyond != nullptr;
  TlsServer peer{
      .host = server.host, .proxy = proxy, .port = server.port, .sessions = target_.sessions};
  // A proxy that has more to do is asked in HTTP/1.1.
  if (!proxy) peer.protocols = target_.protocols;
  StreamEvents& self = *this;
  auto secured = std::make_unique<TlsStream>(std::move(stream_), context.connection(peer), self);
  TlsStream& stream = *secured;
  stream_ = std::move(secured);
  stream.start();
}

void Dial::begin_tunnel() {
  step_ = Step::kTunnel;
  tunnel_ = std::make_unique<Tunnel>(*stream_, *target_.beyond, target_.authorization,
                                     [this](Error error) {
                                       const auto done = std::move(tunnel_);
                                       if (error) {
                                         give_up(std::move(error));
                                       } else {
                                         go_on();
                                       }
                                     });
  tunnel_->start();
}

void Dial::give_up(Error error) {
  if (target_.beyond != nullptr && step_ != Step::kServerTls) {
    error = proxy_error(error, target_.hop->host, target_.hop->port);
  }
  events_.on_dial_failed(std::move(error));
}

void Dial::on_closed(int error) {
  if (step_ != Step::kConnect) {
    give_up(handshake_error(error, *stream_));
    return;
  }
  // The first address is the one that is meant; later failures are mostly about its family.
  if (first_error_ == 0) first_error_ = error;
  if (next_ < addresses_.size()) {
    connect_next();
  } else {
    give_up(target_.local.empty() ? dial_error(first_error_)
                                  : local_address_error(first_error_, target_.local));
  }
}

void Dial::on_deadline() {
  const bool handshaking = step_ == Step::kHopTls || step_ == Step::kServerTls;
  if (!failure_) failure_ = handshaking ? handshake_timeout() : dial_timeout();
  give_up(std::move(failure_));
}

// Bytes are read, and written, only once the stream has been handed over.
void Dial::on_read(std::string_view /*bytes*/, Instant /*at*/) {}

void Dial::on_sent() {}

}  // namespace perigee::http
