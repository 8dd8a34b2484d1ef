// HTTP/2 over one byte stream, for either role: many streams at a time. With connection_nghttp2.cc
// the one place that knows nghttp2.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/http/http2/connection_settings.h"
#include "engine/http/http2/data_source.h"
#include "engine/http/http2/error_code.h"
#include "engine/http/http2/field.h"
#include "engine/http/http2/field_block.h"
#include "engine/http/http2/head_filter.h"
#include "engine/http/http2/stream_events.h"
#include "engine/loop/turn_end.h"
#include "engine/net/stream.h"

struct nghttp2_session;

namespace perigee::http2 {

class FrameBuffer;

// What happens on the connection itself. No call may destroy it.
class ConnectionEvents {
 public:
  virtual ~ConnectionEvents() = default;

  // Servers: the client has opened a stream. Null refuses it, so that the client may try again.
  virtual StreamEvents* on_stream(int32_t /*stream*/) { return nullptr; }
  // The peer's settings have come, or changed.
  virtual void on_settings() {}
  // The peer takes no more streams; those above `last_stream` end right after this, as refused.
  // `reason` is what the peer says of it, which need not be text.
  virtual void on_go_away(int32_t /*last_stream*/, ErrorCode /*code*/,
                          std::string_view /*reason*/) {}
  // A ping has come back.
  virtual void on_pong() {}
  // The peer has broken the protocol, and is told so by the end of the stream or the connection.
  virtual void on_peer_fault() {}
};

// Knows no request and no response: its users open streams or are given them, and hear of each
// through its `StreamEvents`. What a turn queues goes out in one piece at its end: a system call
// costs more than a request. Streams are known by their numbers.
//
// Thread: its loop's. Lifetime: must not be destroyed within an event; none comes afterwards.
class Connection {
 public:
  // Arms `turn_end` whenever there is something to send; its callback leads to `flush`.
  Connection(const ConnectionSettings& settings, Stream& stream, const Clock& clock,
             TurnEnd& turn_end, ConnectionEvents& events);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Clients: opens a stream with this head, pseudo-fields first. Without `data` it ends this side.
  // The first `lasting` fields stay where they are as long as the connection, so they are not
  // copied.
  int32_t open(StreamEvents& events, std::span<const Field> head, DataSource* data,
               size_t lasting = 0);
  // Servers: the head of the response. Without `data` it ends this side.
  void respond(int32_t stream, std::span<const Field> head, DataSource* data);
  // Servers: the head of an informational response, before that of the response.
  void inform(int32_t stream, std::span<const Field> head);
  // The stream's source has something again.
  void resume(int32_t stream);
  // It was the peer that reset the stream; known until the next frame of this kind.
  bool reset_by_peer(int32_t stream) const { return stream == reset_by_peer_; }
  // Ends the stream; `on_closed` follows when that has been sent.
  void reset(int32_t stream, ErrorCode code);
  // Nothing of the stream reaches its user any more, and nobody asks its source.
  void forget(int32_t stream);
  // Its head has been put into frames. A client's waits until the peer allows another stream.
  bool opened(int32_t stream) const;
  // This side has sent all it had to.
  bool sent_end(int32_t stream) const;

  // How much the peer may send on the stream before it is read: 0 pauses it, after what the peer
  // may have sent by then.
  void set_window(int32_t stream, int32_t size);
  // With manual windows: the user has dealt with so many bytes of data.
  void consume(int32_t stream, size_t bytes);

  void ping();
  // The peer is to open no more streams. Those that it has opened by the end of the turn go on, and
  // it is told which these are.
  void go_away(ErrorCode code);
  // Nothing more is sent but what has been put together so far, and `bytes` as they are.
  void cut(std::string_view bytes = {});

  // What happens on the byte stream. False: what has come can't be dealt with, the connection is
  // over.
  bool receive(std::string_view bytes, Instant at);
  void on_sent(Instant at);
  // The turn ends.
  void flush();

  // When what is being dealt with has happened.
  Instant at() const { return at_; }
  // Streams that the peer allows at a time.
  uint32_t peer_max_streams() const { return peer_max_streams_; }
  // The last code with which this side has said that the connection ends.
  ErrorCode go_away_code() const { return go_away_code_; }
  // The kernel has not taken all that was put together.
  bool sending() const { return sending_; }
  // Neither side has anything more to say, or what was cut has been sent.
  bool over() const;

 private:
  struct Callbacks;  // nghttp2's

  void start(const ConnectionSettings& settings);
  void make_session(const ConnectionSettings& settings);
  void submit_settings(const ConnectionSettings& settings);
  StreamEvents* events_of(int32_t stream) const;
  bool feed(std::string_view bytes);

  void begin_head(int32_t stream, bool opens);
  void accept(int32_t stream);
  void end_head(int32_t stream, bool ends);
  void end_data(int32_t stream);
  void on_peer_settings();
  void on_go_away_sent(ErrorCode code);
  void on_end_sent(int32_t stream);
  void close(int32_t stream, ErrorCode code);

  // Enough is put together for one system call.
  bool full() const { return out_.size() >= 128 * 1024; }
  void fill();
  void submit_go_away();
  void report_sent(Instant at);

  Stream& stream_;
  const Clock& clock_;
  TurnEnd& turn_end_;
  ConnectionEvents& events_;
  const std::shared_ptr<FrameBuffer> frame_buffer_;  // the session's, and of others of the thread
  nghttp2_session* session_ = nullptr;
  const Role role_;
  const bool reports_frames_;
  const bool manual_windows_;
  int32_t reset_by_peer_ = 0;  // the last stream that it has reset
  bool sending_ = false;
  bool cut_ = false;
  uint32_t peer_max_streams_;
  std::optional<ErrorCode> leaving_code_;  // of a GOAWAY that has not been submitted yet
  bool go_away_waits_ = false;             // it has, and is not put together
  ErrorCode go_away_code_ = ErrorCode::kNoError;

  std::string out_;               // given to the byte stream, or about to be
  std::string last_bytes_;        // what goes out behind it when nothing else does
  std::vector<int32_t> leaving_;  // streams whose end is in `out_`
  std::string_view offered_;      // by the source that has been asked last

  HeadFilter head_filter_;  // of clients
  Instant at_{};
  int32_t heading_ = 0;                     // the stream whose head is being read
  StreamEvents* heading_events_ = nullptr;  // its user
  FieldBlock block_;                        // as far as it has come
};

}  // namespace perigee::http2
