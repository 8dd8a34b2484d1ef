// One client's connection to the target that speaks HTTP/2: many requests at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/loop/turn_end.h"
#include "engine/net/stream.h"
#include "target/arrival_count.h"
#include "target/connection_context.h"
#include "target/http2_exchange.h"

struct nghttp2_session;

namespace perigee {

// What becomes of the connection of HTTP/1.1 becomes of the stream here, where HTTP/2 can do that:
// it is reset instead. What a turn of the loop queues goes out in one piece at its end.
class Http2Connection final : public TargetConnection, private StreamEvents {
 public:
  Http2Connection(ConnectionContext& context, std::unique_ptr<Stream> stream);
  ~Http2Connection() override;
  Http2Connection(const Http2Connection&) = delete;
  Http2Connection& operator=(const Http2Connection&) = delete;

  // Bytes that were read before it was made.
  void receive(std::string_view bytes, Instant at) { on_read(bytes, at); }

 private:
  struct Callbacks;  // nghttp2's

  void on_connected() override {}
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;

  void open();
  Http2Exchange* exchange(int32_t stream) const;
  void begin_exchange(int32_t stream);
  void end_head(int32_t stream, Http2Exchange& exchange);
  void end_request(int32_t stream, Http2Exchange& exchange);
  void end_exchange(int32_t stream);
  void close_books(const Http2Exchange& exchange);
  void on_due(int32_t stream);
  void respond(int32_t stream, Http2Exchange& exchange, Answer answer);
  void refuse(int32_t stream, Http2Exchange& exchange, int status, std::string_view message);
  void send(int32_t stream, Http2Exchange& exchange, Answer answer);
  void submit(int32_t stream, const Answer& answer, bool has_body);
  void offer_continue(int32_t stream);
  void reset(int32_t stream, uint32_t code);
  void go_away();

  // Enough is put together for one system call.
  bool full() const;
  void fill();
  void flush();
  bool over() const;

  ConnectionContext& context_;
  std::unique_ptr<Stream> stream_;
  ArrivalCount arrivals_;
  TurnEnd turn_end_;
  nghttp2_session* session_ = nullptr;
  std::unordered_map<int32_t, std::unique_ptr<Http2Exchange>> exchanges_;
  std::string out_;  // given to the stream, or about to be
  Instant read_at_{};
  int32_t last_ = 0;      // the stream with whose end the connection is cut; 0: none
  bool sending_ = false;  // the stream has not taken all of `out_` yet
  bool leaving_ = false;  // the client was told to open no more streams
  bool cut_ = false;      // the connection ends with what is in `out_`
};

}  // namespace perigee
