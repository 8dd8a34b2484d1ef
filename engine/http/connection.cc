#include "engine/http/connection.h"

#include <utility>

#include "engine/http/client.h"
#include "engine/http/http1_session.h"

namespace perigee::http {

Connection::Connection(Client& client, ConnectionPool& pool, std::shared_ptr<const Url> origin,
                       std::unique_ptr<Stream> stream)
    : client_(client),
      pool_(pool),
      origin_(std::move(origin)),
      stream_(std::move(stream)),
      session_(std::make_unique<Http1Session>(*stream_, client.loop_.clock())) {
  stream_->hand_over(*this);
}

Connection::~Connection() = default;

bool Connection::serves(const Url& url) const {
  return origin_.get() == &url ||
         (origin_->port == url.port && origin_->tls == url.tls && origin_->host == url.host);
}

void Connection::submit(Exchange& exchange) {
  session_->submit(exchange);
  count_sent();
}

void Connection::abandon(Exchange& exchange) {
  const bool usable = session_->abandon(exchange);
  // In the middle of an event `settle` does it.
  if (!usable && !in_event_) pool_.remove(*this);
}

// The stream is connected before it comes here.
void Connection::on_connected() {}

void Connection::on_read(std::string_view bytes, Instant at) {
  count_received();
  in_event_ = true;
  session_->on_read(bytes, at);
  settle();
}

void Connection::on_sent() {
  count_sent();
  in_event_ = true;
  session_->on_sent(client_.loop_.now());
  settle();
}

void Connection::on_closed(int error) {
  count_received();
  count_sent();
  in_event_ = true;
  session_->on_closed(error, client_.loop_.now());
  settle();
}

void Connection::settle() {
  Client& client = client_;
  in_event_ = false;
  if (session_->exhausted() && idle()) {
    pool_.remove(*this);
  } else if (session_->capacity() > 0) {
    pool_.make_available(*this, client_.settings_);
  }
  client.tell_ended();
}

void Connection::count_received() {
  const uint64_t received = stream_->bytes_received();
  pool_.traffic_.received += received - std::exchange(counted_received_, received);
}

void Connection::count_sent() {
  const uint64_t sent = stream_->bytes_sent();
  pool_.traffic_.sent += sent - std::exchange(counted_sent_, sent);
}

}  // namespace perigee::http
