// HTTP/2 over one stream: many exchanges at a time. With http2_session_nghttp2.cc the one
// place that knows nghttp2.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/http/http2_fields.h"
#include "engine/http/http2_head_filter.h"
#include "engine/http/measured_body.h"
#include "engine/http/response.h"
#include "engine/http/session.h"
#include "engine/loop/turn_end.h"
#include "engine/net/stream.h"

struct nghttp2_session;

namespace perigee::http {

struct Http2Settings {
  uint32_t most_streams = 0;      // at a time, whatever the peer allows
  uint32_t expected_streams = 0;  // that the peer allows, until it says so itself
  bool tls = false;
};

// What the exchanges of a turn queue goes out in one piece at its end: a system call costs more
// than a request.
class Http2Session final : public Session {
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

  void submit(Exchange& exchange) override;
  // Cancels its stream; the others go on.
  bool abandon(Exchange& exchange) override;
  // What the peer may send by then, a stream's window, still comes.
  void pause(Exchange& exchange) override;
  void resume(Exchange& exchange) override;

  void on_read(std::string_view bytes, Instant at) override;
  void on_sent(Instant at) override;
  void on_closed(int error, Instant at) override;
  void on_turn_end() override;

 private:
  struct Callbacks;  // nghttp2's
  // An exchange on its stream.
  struct Carried {
    Exchange* exchange = nullptr;
    std::string_view body;  // what is left to be sent of it, or of a piece of `source`
    std::unique_ptr<MeasuredBody> source{};  // of a streamed body; else null
    uint64_t sent_before = 0;                // bytes written before it
    int32_t stream = 0;
    uint32_t slot = 0;
    uint16_t informational = 0;  // responses before the final one
    bool answering = false;      // something of an answer has come
    bool final = false;          // the head of the answer itself has come
  };

  void open(const Http2Settings& settings);
  void open_stream(Carried& carried, std::span<const Header> fields);
  Carried& carry(Exchange& exchange);
  Carried* carried(int32_t stream) const;
  // Takes the exchange off its stream, of which nothing can reach it any more.
  Exchange& release(Carried& carried);
  void fail(Carried& carried, const Error& error);
  void reset(int32_t stream, uint32_t code);
  void set_window(const Exchange& exchange, int32_t size);

  // False: its request has failed instead, and is gone.
  bool next_piece(Carried& carried);

  // False: the connection is over.
  bool feed(std::string_view bytes);
  void begin_head(int32_t stream);
  void add_field(std::string_view name, std::string_view value);
  void end_head(int32_t stream);
  void end_answer(int32_t stream);
  void close_stream(int32_t stream, uint32_t code);
  void refuse(int32_t stream, std::string_view reason);
  void not_processed(Carried& carried, uint32_t code);
  void on_peer_settings();
  void on_going_away(int32_t last_stream, uint32_t code);
  void fail_all(const Error& error);

  // Enough is put together for one system call.
  bool full() const { return out_.size() >= 128 * 1024; }
  void fill();
  void tell_sent(Instant at);

  Stream& stream_;
  const Clock& clock_;
  TurnEnd& turn_end_;
  Http2Fields& fields_;
  nghttp2_session* session_ = nullptr;
  const uint32_t most_streams_;
  uint32_t peer_streams_;  // that the peer allows
  uint32_t in_flight_ = 0;
  std::vector<std::unique_ptr<Carried>> carried_;
  std::vector<Carried*> free_;

  std::string out_;               // given to the stream, or about to be
  std::vector<int32_t> leaving_;  // streams whose requests end in `out_`
  bool sending_ = false;          // the stream has not taken all of `out_` yet

  Http2HeadFilter head_filter_;
  Instant at_{};                // of what is being dealt with
  Carried* heading_ = nullptr;  // whose head is being read
  std::string head_;            // as far as it has come
  int status_ = 0;
  bool head_too_large_ = false;

  const bool tls_;
  bool greeted_ = false;     // the peer has sent its first bytes
  bool kept_ = false;        // it has carried an exchange to its end
  bool going_away_ = false;  // the peer takes no more streams
  bool processes_ = false;   // ... but says that it deals with some
  bool exhausted_ = false;
  uint32_t farewell_ = 0;   // the code that the peer gave for going away
  uint32_t complaint_ = 0;  // the code that this side gave for it
};

}  // namespace perigee::http
