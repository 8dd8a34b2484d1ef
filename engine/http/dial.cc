#include "engine/http/dial.h"

#include "engine/base/limits.h"
#include "engine/http/errors.h"
#include "engine/http/exchange.h"

namespace perigee::http {

Dial::Dial(Loop& loop, Resolver& resolver, Deadlines& deadlines, Exchange& exchange)
    : loop_(loop), deadlines_(deadlines), exchange_(exchange) {
  const std::string& host = exchange.url()->host;
  if (const Resolver::Answer* known = resolver.cached(host)) {
    use(*known);
    return;
  }
  alive_ = std::make_shared<Dial*>(this);
  resolver.resolve(host, alive_, [this](const Resolver::Answer& answer) { use(answer); });
}

void Dial::use(const Resolver::Answer& answer) {
  if (answer.addresses.empty()) {
    exchange_.on_dial_failed(lookup_error(answer));
    return;
  }
  addresses_ = answer.addresses;
  started_ = loop_.now();
  deadlines_.arm(*this, limits::kConnectTimeout, started_);
  connect_next();
}

void Dial::connect_next() {
  const Address peer = addresses_[next_++].with_port(exchange_.url()->port);
  stream_ = TcpStream::connect(loop_, peer, *this);
}

void Dial::on_connected() {
  const Instant now = loop_.now();
  exchange_.on_dialled(std::move(stream_), now, now - started_);
}

void Dial::on_closed(int error) {
  // The first address is the one that is meant; later failures are mostly about its family.
  if (first_error_ == 0) first_error_ = error;
  if (next_ < addresses_.size()) {
    connect_next();
  } else {
    exchange_.on_dial_failed(dial_error(first_error_));
  }
}

void Dial::on_deadline() {
  exchange_.on_dial_failed(dial_timeout());
}

// Bytes are read, and written, only once the stream has been handed over.
void Dial::on_read(std::string_view /*bytes*/, Instant /*at*/) {}

void Dial::on_sent() {}

}  // namespace perigee::http
