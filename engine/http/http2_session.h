// Exchanges over HTTP/2: each on a stream of one connection, many at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/http/http2/connection.h"
#include "engine/http/http2_fields.h"
#include "engine/http/response.h"
#include "engine/http/session.h"
#include "engine/loop/turn_end.h"
#include "engine/net/stream.h"

namespace perigee::http {

struct Http2Settings {
  uint32_t most_streams = 0;      // at a time, whatever the peer allows
  uint32_t expected_streams = 0;  // that the peer allows, until it says so itself
  bool tls = false;
};

class Http2Session final : public Session, private http2::ConnectionEvents {
 public:
  // Arms `turn_end` whenever there is something to send; its callback leads to `on_turn_end`.
  Http2Session(Stream& stream, const Clock& clock, TurnEnd& turn_end, Http2Fields& fields,
               const Http2Settings& settings);
  ~Http2Session() override;
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  uint32_t in_flight() const override { return in_flight_; }
  uint32_t capacity() const override;
  bool exhausted() const override { return exhausted_; }

  void submit(SessionStream& exchange) override;
  bool begun(const SessionStream& exchange) const override;
  // Cancels its stream; the others go on.
  bool abandon(SessionStream& exchange) override;
  // What the peer may send by then, a stream's window, still comes.
  void pause(SessionStream& exchange) override;
  void resume(SessionStream& exchange) override;

  void on_read(std::string_view bytes, Instant at) override;
  void on_sent(Instant at) override { connection_.on_sent(at); }
  void on_closed(int error, Instant at) override;
  void on_turn_end() override;

 private:
  class ExchangeStream;  // an exchange on its stream

  void on_go_away(int32_t last_stream, http2::ErrorCode code, std::string_view reason) override;

  ExchangeStream& free_stream();
  // Takes the exchange off its stream, of which nothing can reach it any more.
  SessionStream& release(ExchangeStream& stream);
  // Resets the stream as well, and ends the exchange.
  void fail(ExchangeStream& stream, const Error& error);
  void fail_all(const Error& error, Instant at);

  Stream& stream_;
  Http2Fields& fields_;
  const http2::ConnectionSettings settings_;
  http2::Connection connection_;
  const uint32_t most_streams_;
  uint32_t in_flight_ = 0;
  std::vector<std::unique_ptr<ExchangeStream>> streams_;
  std::vector<ExchangeStream*> free_;

  const bool tls_;
  bool preface_seen_ = false;  // the peer has sent its first bytes
  bool kept_ = false;          // it has carried an exchange to its end
  bool going_away_ = false;    // the peer takes no more streams
  bool processes_ = false;     // ... but says that it deals with some
  bool exhausted_ = false;
  http2::ErrorCode go_away_code_ = http2::ErrorCode::kNoError;  // that the peer gave
};

}  // namespace perigee::http
