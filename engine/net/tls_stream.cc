#include "engine/net/tls_stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "engine/net/cipher_suites.h"
#include "engine/net/ssl_error.h"
#include "engine/net/tls_options.h"

namespace perigee {
namespace {

// What one read of the lower stream decrypts to, and the beginning of a record from before.
constexpr size_t kReadBuffer = 96 * 1024;
// Encrypted before the lower stream is asked to take it.
constexpr size_t kWriteBuffer = 64 * 1024;

// Nothing stays in these from one event to the next, so they serve all streams of a thread. A
// stream within another one has its own, because both are at work at the same time.
char* read_buffer(bool nested) {
  thread_local std::array<std::unique_ptr<char[]>, 2> buffers;
  auto& buffer = buffers[nested ? 1 : 0];
  if (!buffer) buffer.reset(new char[kReadBuffer]);
  return buffer.get();
}

std::vector<char>& write_buffer(bool nested) {
  thread_local std::array<std::vector<char>, 2> buffers;
  return buffers[nested ? 1 : 0];
}

std::string_view view(const std::vector<char>& bytes) {
  return {bytes.data(), bytes.size()};
}

TlsParameters parameters_of(const SSL& ssl) {
  const SSL_CIPHER* suite = SSL_get_current_cipher(&ssl);
  return {.version = name_of(static_cast<TlsVersion>(SSL_version(&ssl))),
          .cipher_suite = suite == nullptr ? "" : name_of(*suite),
          .resumed = SSL_session_reused(&ssl) == 1};
}

}  // namespace

struct TlsStream::Wire {
  static int read(BIO* bio, char* out, int size) {
    auto& incoming = static_cast<TlsStream*>(BIO_get_data(bio))->incoming_;
    BIO_clear_retry_flags(bio);
    if (incoming.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const size_t taken = std::min(incoming.size(), static_cast<size_t>(size));
    std::memcpy(out, incoming.data(), taken);
    incoming.remove_prefix(taken);
    return static_cast<int>(taken);
  }

  static int write(BIO* bio, const char* bytes, int size) {
    auto& out = write_buffer(static_cast<TlsStream*>(BIO_get_data(bio))->nested_);
    out.insert(out.end(), bytes, bytes + size);
    return size;
  }

  static long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static const BIO_METHOD* method() {
    static const BIO_METHOD* const kMethod = [] {
      BIO_METHOD* made = BIO_meth_new(BIO_TYPE_SOURCE_SINK | BIO_get_new_index(), "stream");
      BIO_meth_set_read(made, read);
      BIO_meth_set_write(made, write);
      BIO_meth_set_ctrl(made, control);
      return made;
    }();
    return kMethod;
  }

  static int verified(int accepted, X509_STORE_CTX* verification) {
    if (accepted == 1) return 1;
    const void* ssl =
        X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx());
    auto* self = static_cast<TlsStream*>(SSL_get_app_data(static_cast<const SSL*>(ssl)));
    self->failure_ = std::make_unique<TlsFailure>(certificate_failure(
        X509_STORE_CTX_get_current_cert(verification), X509_STORE_CTX_get_error(verification)));
    return 0;
  }
};

TlsStream::TlsStream(std::unique_ptr<Stream> lower, SslPtr ssl, StreamEvents& events)
    : lower_(std::move(lower)),
      ssl_(std::move(ssl)),
      events_(&events),
      nested_(lower_->tls() != nullptr) {
  BIO* wire = BIO_new(Wire::method());
  BIO_set_data(wire, this);
  BIO_set_init(wire, 1);
  SSL_set_bio(ssl_.get(), wire, wire);
  SSL_set_app_data(ssl_.get(), this);
  const int mode = SSL_get_verify_mode(ssl_.get());
  SSL_set_verify(ssl_.get(), mode, mode == SSL_VERIFY_NONE ? nullptr : Wire::verified);
  lower_->hand_over(*this);
}

TlsStream::~TlsStream() {
  if (gone_ != nullptr) *gone_ = true;
  say_goodbye();
  // Or OpenSSL lets nobody resume the session, as if it had failed.
  if (established_ && !failure_) {
    SSL_set_shutdown(ssl_.get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
}

// Without it the peer can't tell the end from a cut.
void TlsStream::say_goodbye() {
  if (!established_ || reading_over_ || reset_ || busy_) return;
  std::vector<char>& out = write_buffer(nested_);
  SSL_shutdown(ssl_.get());
  lower_->write(view(out), {});
  out.clear();
}

void TlsStream::reset_on_close() {
  reset_ = true;
  lower_->reset_on_close();
}

std::string_view TlsStream::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

void TlsStream::start(std::string_view received, Instant at) {
  on_read(received, at);
}

bool TlsStream::shake_hands() {
  ERR_clear_error();
  const int state = SSL_get_error(ssl_.get(), SSL_do_handshake(ssl_.get()));
  flush();
  count();
  if (state != SSL_ERROR_NONE) {
    if (state != SSL_ERROR_WANT_READ) fail();
    return false;
  }
  established_ = true;
  parameters_ = parameters_of(*ssl_);
  bool gone = false;
  gone_ = &gone;
  events_->on_connected();
  if (gone) return false;
  gone_ = nullptr;
  return true;
}

void TlsStream::on_read(std::string_view bytes, Instant at) {
  if (reading_over_) return;
  incoming_ = bytes;
  if (established_ || shake_hands()) deliver(at);
}

void TlsStream::deliver(Instant at) {
  // What others have left there would be taken for a failure of this connection.
  if (ERR_peek_error() != 0) ERR_clear_error();
  char* const buffer = read_buffer(nested_);
  size_t size = kReadBuffer;
  while (size == kReadBuffer) {
    size = decrypt(buffer, kReadBuffer);
    flush();
    count();
    if (size == 0) break;
    bool gone = false;
    gone_ = &gone;
    events_->on_read({buffer, size}, at);
    if (gone) return;
    gone_ = nullptr;
  }
  if (reading_over_) tell_end();
}

size_t TlsStream::decrypt(char* buffer, size_t size) {
  size_t total = 0;
  while (total < size && (!incoming_.empty() || SSL_has_pending(ssl_.get()) == 1)) {
    size_t read = 0;
    if (SSL_read_ex(ssl_.get(), buffer + total, size - total, &read) != 1) {
      const int state = SSL_get_error(ssl_.get(), 0);
      reading_over_ = state != SSL_ERROR_WANT_READ;
      if (state == SSL_ERROR_ZERO_RETURN) ended_ = true;
      break;
    }
    total += read;
  }
  return total;
}

void TlsStream::tell_end() {
  if (ended_) {
    events_->on_closed(0);
  } else {
    fail();
  }
}

void TlsStream::fail() {
  reading_over_ = true;
  TlsFailure failure = take_tls_failure();
  if (failure_ == nullptr) failure_ = std::make_unique<TlsFailure>(std::move(failure));
  events_->on_closed(EPROTO);
}

void TlsStream::on_closed(int error) {
  if (std::exchange(reading_over_, true)) return;
  count();
  events_->on_closed(established_ && error == 0 ? ECONNABORTED : error);
}

bool TlsStream::write(std::string_view head, std::string_view body) {
  head_ = head;
  body_ = body;
  writing_ = !encrypt();
  count();
  return !writing_;
}

bool TlsStream::encrypt() {
  while (!head_.empty() || !body_.empty()) {
    std::string_view& rest = head_.empty() ? body_ : head_;
    size_t done = 0;
    // It fails on a connection that has failed before only, whose end has been told.
    if (SSL_write_ex(ssl_.get(), rest.data(), std::min(rest.size(), kWriteBuffer), &done) != 1) {
      return false;
    }
    rest.remove_prefix(done);
    if (write_buffer(nested_).size() >= kWriteBuffer && !flush()) return false;
  }
  return flush();
}

bool TlsStream::flush() {
  std::vector<char>& out = write_buffer(nested_);
  if (busy_) backlog_.insert(backlog_.end(), out.begin(), out.end());
  if (out.empty() || busy_ || lower_->write(view(out), {})) {
    out.clear();
    return !busy_;
  }
  in_flight_ = std::exchange(out, {});
  busy_ = true;
  return false;
}

void TlsStream::on_sent() {
  in_flight_ = std::exchange(backlog_, {});
  busy_ = !in_flight_.empty() && !lower_->write(view(in_flight_), {});
  count();
  if (busy_) return;
  in_flight_ = {};
  if (!writing_ || !encrypt()) return;
  count();
  writing_ = false;
  events_->on_sent();
}

void TlsStream::count() {
  bytes_received_ = lower_->bytes_received();
  bytes_sent_ = lower_->bytes_sent();
}

}  // namespace perigee
