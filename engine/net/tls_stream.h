// TLS over another stream.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "engine/net/ssl_pointer.h"
#include "engine/net/stream.h"
#include "engine/net/tls_failure.h"

namespace perigee {

// Nothing is told by the calls themselves, but for `start`.
class TlsStream final : public Stream, private StreamEvents {
 public:
  // Takes over a connected stream, and a connection's state as a context makes it, of either side.
  TlsStream(std::unique_ptr<Stream> lower, SslPtr ssl, StreamEvents& events);
  ~TlsStream() override;
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  // Begins the handshake. `on_connected` follows when it is done, `on_closed` if it fails; that may
  // be before this returns. `received` is what the peer has sent and who had the lower stream
  // before has read, at `at`.
  void start(std::string_view received = {}, Instant at = {});

  bool write(std::string_view head, std::string_view body) override;
  void hand_over(StreamEvents& events) override { events_ = &events; }
  void pause_reading() override { lower_->pause_reading(); }
  void resume_reading() override { lower_->resume_reading(); }
  void reset_on_close() override;
  bool peer_closed() const override { return reading_over_ || lower_->peer_closed(); }
  bool untaken_since(uint64_t mark) const override { return lower_->untaken_since(mark); }
  const Address& peer() const override { return lower_->peer(); }
  std::string_view protocol() const override;
  const TlsParameters* tls() const override { return established_ ? &parameters_ : nullptr; }
  const TlsFailure* failure() const override { return failure_.get(); }

 private:
  struct Wire;  // OpenSSL's callbacks

  void on_connected() override {}
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;

  // Goes on with the handshake. False if it is not done, or the stream is gone.
  bool shake_hands();
  // Tells what has come, decrypted. `deliver` ends with the end of the stream, if that has come.
  void deliver(Instant at);
  size_t decrypt(char* buffer, size_t size);
  void tell_end();
  void fail();
  // Encrypts what `write` was given. False while there is more than the lower stream takes.
  bool encrypt();
  // Hands what is encrypted to the lower stream. False while that is at an earlier write.
  bool flush();
  void say_goodbye();
  void count();

  std::unique_ptr<Stream> lower_;
  SslPtr ssl_;
  StreamEvents* events_;
  std::string_view incoming_;     // of the read at hand, not yet decrypted
  std::string_view head_, body_;  // of the write at hand, not yet encrypted
  std::vector<char> in_flight_;   // what the lower stream is at
  std::vector<char> backlog_;     // what comes after it
  std::unique_ptr<TlsFailure> failure_;
  TlsParameters parameters_;
  bool* gone_ = nullptr;  // set when the stream is destroyed in one of its events
  const bool nested_;     // in another TLS
  bool established_ = false;
  bool busy_ = false;     // the lower stream has something in flight
  bool writing_ = false;  // a write has not been told to be through
  bool reading_over_ = false;
  bool ended_ = false;  // ... by the peer's goodbye
  bool reset_ = false;
};

}  // namespace perigee
