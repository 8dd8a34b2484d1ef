// HTTP/1.1 over one stream: one request at a time.
#pragma once

#include <memory>

#include "engine/http/http1_body_writer.h"
#include "engine/http/http1_parser.h"
#include "engine/http/response.h"
#include "engine/http/session.h"
#include "engine/net/stream.h"

namespace perigee::http {

class Http1Session final : public Session, private Http1Parser::Events {
 public:
  Http1Session(Stream& stream, const Clock& clock);

  uint32_t in_flight() const override { return current_ == nullptr ? 0 : 1; }
  uint32_t capacity() const override { return exhausted_ || current_ != nullptr ? 0 : 1; }
  bool exhausted() const override { return exhausted_; }
  KeepAlive::Framing framing() const override { return framing_; }

  void submit(SessionStream& stream) override;
  bool begun(const SessionStream& /*stream*/) const override {
    return stream_.bytes_sent() > sent_before_;
  }
  bool abandon(SessionStream& stream) override;
  void pause(SessionStream& stream) override;
  void resume(SessionStream& stream) override;

  void on_read(std::string_view bytes, Instant at) override;
  void on_sent(Instant at) override;
  void on_closed(int error, Instant at) override;

 private:
  void on_head(const Http1Head& head) override;
  void on_body(std::string_view bytes) override;
  void on_trailers(std::string_view fields) override;
  void on_message_end() override;

  // The stream has sent what it was given: goes on with a body that is made meanwhile.
  void send_more(Instant at);
  void finish(Error error, Instant at);
  // The stream has ended, with `error`: has the request sent again if that may be, else fails it.
  void lose(Error why, int error, Instant at);
  // Takes the stream out, so that nothing that follows can reach it.
  SessionStream& release();

  Stream& stream_;
  const Clock& clock_;
  Http1Parser parser_;
  SessionStream* current_ = nullptr;
  std::unique_ptr<Http1BodyWriter> writer_;  // of such a body
  Instant at_{};                             // of the read that is being parsed
  uint64_t sent_before_ = 0;                 // bytes written before the request at hand
  uint16_t informational_ = 0;               // responses before the final one
  KeepAlive::Framing framing_ = KeepAlive::Framing::kSized;
  bool kept_ = false;        // it has carried a stream before
  bool sent_ = false;        // all of the request has left
  bool responding_ = false;  // bytes of a response have come
  bool final_ = false;       // the message being read is the response, not a 1xx
  bool complete_ = false;    // the response has been read to its end
  bool paused_ = false;      // the stream at hand wants nothing to be read
  bool exhausted_ = false;
  const char* refusal_ = nullptr;  // why this well-formed response can't be accepted
};

}  // namespace perigee::http
