// An open WebSocket over a stream, for either side: messages, ping and pong, the closing handshake.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/loop/deadlines.h"
#include "engine/loop/loop.h"
#include "engine/net/stream.h"
#include "engine/websocket/codec_pool.h"
#include "engine/websocket/message_reader.h"

namespace perigee::websocket {

class SessionEvents {
 public:
  virtual ~SessionEvents() = default;
  // Something came in, what was sent has left, or the session is closed. May destroy the session.
  virtual void on_activity() = 0;
};

struct SessionSettings {
  Role role = Role::kClient;
  size_t message_limit = 0;
  std::optional<DeflateParameters> deflate;
};

// How a session came to its end.
struct Ending {
  // The peer's, or the one that we closed with because it broke the protocol; kNone if its close
  // frame had none, kAbnormal if there was no close frame.
  uint16_t code = close_code::kAbnormal;
  std::string reason;  // the peer's
  std::string error;   // empty after a closing handshake
  Instant at{};
};

// Used on its loop's thread. Pings are answered by themselves.
class Session final : private StreamEvents, private Deadline {
 public:
  enum class State : uint8_t { kOpen, kClosing, kClosed };

  // What is passed by reference must outlive the session.
  Session(Loop& loop, Deadlines& deadlines, CodecPool& pool, const SessionSettings& settings,
          std::unique_ptr<Stream> stream, SessionEvents& events);
  ~Session() override;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // Reads bytes that came along with the handshake, before anything else, and tells nothing.
  void receive(std::string_view bytes, Instant at);

  // Sends a message, a ping or a pong; only while it is open.
  void send(Opcode opcode, std::string_view payload);
  // Begins the closing handshake, unless it has begun. The code must be sendable.
  void close(uint16_t code, std::string_view reason);
  // The same, if it can be sent at once, for a stream that is about to go away.
  void say_goodbye(uint16_t code);

  // The next message, ping or pong that came in. While they are not taken, reading pauses at
  // limits::kWebSocketInbox bytes.
  std::optional<Incoming> take();
  bool empty() const { return inbox_.empty(); }

  State state() const { return state_; }
  // Once it is closed.
  const Ending& ending() const { return ending_; }
  // Bytes that wait for the kernel to take them.
  size_t buffered() const;
  // Bytes on the wire.
  uint64_t bytes_sent() const;
  uint64_t bytes_received() const;

 private:
  void on_connected() override {}
  void on_read(std::string_view bytes, Instant at) override;
  void on_sent() override;
  void on_closed(int error) override;
  void on_deadline() override;

  void take_control(size_t first);
  void answer_close(Incoming close);
  void fail(const Violation& violation);
  void write(Opcode opcode, std::string_view payload);
  void write_close(uint16_t code, std::string_view reason);
  void flush();
  void pace();
  void finish(std::string error);

  Loop& loop_;
  Deadlines& deadlines_;
  CodecPool& pool_;
  const Role role_;
  const std::optional<DeflateParameters> deflate_;
  std::unique_ptr<Stream> stream_;  // null once it is closed
  SessionEvents& events_;
  MessageReader reader_;
  std::unique_ptr<MessageDeflater> deflater_;  // one that keeps a context
  std::deque<Incoming> inbox_;
  size_t inbox_bytes_ = 0;
  std::unique_ptr<std::string> sending_;  // what the kernel has not taken yet
  std::unique_ptr<std::string> next_;     // and what follows on it
  Ending ending_;
  uint64_t sent_ = 0;
  uint64_t received_ = 0;
  State state_ = State::kOpen;
  bool close_sent_ = false;
  bool close_received_ = false;
  bool paused_ = false;
};

}  // namespace perigee::websocket
