// One call of a method: what it sends, what comes back, and how it ends.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/grpc/call_events.h"
#include "engine/grpc/message_decoder.h"
#include "engine/grpc/message_frame.h"
#include "engine/http/http2/data_source.h"
#include "engine/http/http2/stream_events.h"
#include "engine/loop/deadlines.h"

namespace perigee {
class Loop;
}  // namespace perigee

namespace perigee::grpc {

class Channel;
class Connection;

struct CallRequest {
  std::string_view path{};  // "/package.Service/Method"
  // Names in lower case, values as they go over the wire.
  std::vector<std::pair<std::string, std::string>> metadata{};
  Duration timeout{};             // zero: none
  bool compresses = false;        // messages, with gzip
  bool one_message_each = false;  // unary: another number of messages in the response is an error
  bool one_message_sent = false;  // the request's only message goes along with it
};

// Used for one call after the other, which keeps its memory. Must not be destroyed, nor started
// again, within one of its events but the end.
class Call final : private http2::StreamEvents, private http2::DataSource, private Deadline {
 public:
  explicit Call(CallEvents& events);
  ~Call() override;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  // Forgets the call before, and prepares one over the channel, which must outlive its end.
  // Messages may be sent from here on.
  void begin(Channel& channel, const CallRequest& request);
  // Sends one message: what is appended to the string that is returned, until `end_message`. One
  // that is larger than the channel sends ends the call.
  std::string& begin_message();
  void end_message();
  // ... or nothing is sent after all.
  void drop_message() { out_.resize(frame_begin_); }
  // Nothing more will be sent.
  void close_send();
  // Puts it on its way.
  void start(Instant now);

  // Ends it without an event; says whether its request was sent, whole or not.
  bool cancel();
  // Ends it with this status, on a later turn.
  void end_soon(Status status);

  bool running() const { return state_ != State::kEnded; }
  bool send_closed() const { return closed_; }
  // Bytes of messages that wait for the server's windows.
  size_t unsent() const { return out_.size() - taken_; }
  // Stops and resumes what the server may send; what it may have sent by then still comes.
  void pause();
  void resume();

  // "name: value\r\n" lines as they came; empty if there are none.
  std::string_view headers() const { return headers_; }
  std::string_view trailers() const { return trailers_; }
  // The time at which its request was put on its way.
  Instant started() const { return end_.started; }
  uint64_t messages_sent() const { return messages_sent_; }

  // --- For the channel and its connections.
  // Opens its stream. The times are those of a connection whose first call it is.
  void open(Connection& connection, Instant now, Duration connecting, Duration tls_handshaking);
  // The connection is gone.
  void on_lost(const Status& status, Instant at);
  // No connection can be had.
  void on_unreachable(Status status, Duration pause, Instant at);
  bool may_pause(Duration pause) { return events_.may_pause(pause); }
  // Ends with what `end_soon` has said.
  void deliver(Instant at);

  uint32_t slot = 0;  // among the connection's calls

 private:
  enum class State : uint8_t {
    kEnded,
    kPreparing,
    kQueued,
    kOpen,
    kEnding,  // the channel delivers its end on a later turn
    kPaused,  // its end waits, and needs the channel no more
  };

  void on_head_begins() override;
  void on_head(const http2::FieldBlock& head, bool ends) override;
  void on_data(std::string_view bytes) override;
  void on_trailers(const http2::FieldBlock& trailers) override;
  void on_end() override;
  void on_sent() override;
  void on_head_fault(http2::HeadFault fault) override;
  void on_closed(http2::ErrorCode code) override;

  Ready ready() override;
  void taken(size_t size) override;
  void on_deadline() override;

  // Of the head that it opens its stream with.
  std::span<const http2::Field> fields(Instant now);
  bool names_user_agent() const;
  // Why a response with this head can't be one of gRPC; empty if it can.
  static Status head_fault(int status, std::string_view type);
  Status final_status() const;
  void take_messages();
  void take_message(FrameReader::Message message);
  Status reader_fault() const;
  // Whether something of its request may have left.
  bool sent() const;
  // It may be sent again if the server has not looked at it.
  bool retryable() const { return !responded_ && replayable_; }
  void drop_sent();

  // Takes it off its stream, or off what it waits in.
  void detach();
  // ... and ends the stream.
  void leave(http2::ErrorCode code);
  // Resets its stream and ends it.
  void fail(Status status);
  void finish(Status status, Instant at);

  CallEvents& events_;
  Channel* channel_ = nullptr;
  const Loop* loop_ = nullptr;
  Connection* connection_ = nullptr;
  CallRequest request_;
  std::string path_;
  State state_ = State::kEnded;

  std::string out_;         // frames that are to be sent ...
  size_t taken_ = 0;        // ... of which so much is on its way
  size_t frame_begin_ = 0;  // of the message that is being written
  bool closed_ = false;     // nothing follows `out_`
  bool replayable_ = true;  // all that it has sent is still in `out_`
  bool opened_ = false;     // the peer may have seen something of it

  FrameReader reader_;
  MessageDecoder decoder_;
  std::string headers_;
  std::string trailers_;
  bool trailers_only_ = false;
  bool responded_ = false;
  uint64_t messages_sent_ = 0;
  uint64_t messages_received_ = 0;

  int32_t stream_ = 0;
  Instant opened_at_{};
  uint64_t opened_before_flush_ = 0;  // of its connection
  Instant sent_at_{};
  Instant first_byte_at_{};
  CallEnd end_;
};

}  // namespace perigee::grpc
