#include "engine/http/server/greeting.h"

#include <utility>

#include "engine/http/server/http1_connection.h"
#include "engine/http/server/http2_connection.h"
#include "engine/net/tls_stream.h"

namespace perigee::http {
namespace {

// A handshake of TLS, which no request begins with.
constexpr char kTlsHandshake = 0x16;
constexpr std::string_view kHttp2Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

}  // namespace

Greeting::Greeting(ServerContext& context, Listener& listener)
    : context_(context), stream_(listener.accept(*this)) {}

void Greeting::on_read(std::string_view bytes, Instant at) {
  if (!seen_.empty() || kHttp2Preface.starts_with(bytes.substr(0, kHttp2Preface.size()))) {
    recognise_preface(bytes, at);
    return;
  }
  const bool secure = stream_->tls() != nullptr;
  if (!secure && context_.tls != nullptr && bytes.front() == kTlsHandshake) {
    begin_tls(bytes, at);
  } else {
    become<Http1Connection>(bytes, at);
  }
}

void Greeting::recognise_preface(std::string_view bytes, Instant at) {
  seen_.append(bytes);
  const std::string seen = std::exchange(seen_, {});
  if (seen.starts_with(kHttp2Preface)) {
    become<Http2Connection>(seen, at);
  } else if (kHttp2Preface.starts_with(seen)) {
    seen_ = seen;
  } else {
    become<Http1Connection>(seen, at);
  }
}

void Greeting::on_connected() {
  if (stream_->protocol() == "h2") become<Http2Connection>({}, {});
}

void Greeting::begin_tls(std::string_view bytes, Instant at) {
  StreamEvents& events = *this;
  auto stream = std::make_unique<TlsStream>(std::move(stream_), context_.tls->connection(), events);
  TlsStream& tls = *stream;
  stream_ = std::move(stream);
  tls.start(bytes, at);
}

template <class Next>
void Greeting::become(std::string_view bytes, Instant at) {
  auto made = std::make_unique<Next>(context_, std::move(stream_));
  Next& next = *made;
  context_.replaced(*this, std::move(made));
  if (!bytes.empty()) next.receive(bytes, at);
}

void Greeting::on_closed(int /*error*/) {
  context_.finished(*this);
}

}  // namespace perigee::http
