// Puts messages together from frames and holds the peer to RFC 6455.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/websocket/codec_pool.h"
#include "engine/websocket/utf8_validator.h"

namespace perigee::websocket {

// A whole message, or a control frame.
struct Incoming {
  Opcode opcode = Opcode::kText;
  std::string payload;  // of a close: the reason
  Instant at{};         // when its last byte was read
  uint16_t code = 0;    // of a close
};

// How the peer broke the protocol, and the code to close with.
struct Violation {
  uint16_t code = 0;
  std::string text;

  explicit operator bool() const { return code != 0; }
};

class MessageReader final : private FrameReader::Events {
 public:
  // Messages of more than `limit` bytes, unpacked, are a violation. Packed ones are, too, unless
  // that was agreed on. `pool` must outlive the reader.
  MessageReader(CodecPool& pool, Role role, size_t limit,
                const std::optional<DeflateParameters>& agreed);

  // Reads bytes that came at `at` and appends what is whole to `out`. False after a violation or a
  // close, past which nothing is read.
  bool feed(std::string_view bytes, Instant at, std::deque<Incoming>& out);

  const Violation& violation() const { return violation_; }

 private:
  bool on_frame(const FrameHead& head) override;
  bool on_payload(std::string_view bytes) override;
  bool on_frame_end() override;

  bool begin_message(const FrameHead& head);
  bool add(std::string_view bytes);
  // What unpacking has added to the message, from `before` on.
  bool unpacked(MessageInflater::Result result, size_t before);
  bool check_text(size_t before);
  bool end_message();
  bool too_big();
  bool end_close();
  void deliver(Opcode opcode, std::string payload, uint16_t code = 0);
  bool violate(uint16_t code, std::string text);

  CodecPool& pool_;
  FrameReader frames_;
  const Role role_;
  const size_t limit_;
  const bool may_compress_;
  const bool keeps_context_;
  std::unique_ptr<MessageInflater> inflater_;  // of the message at hand, or of all
  std::deque<Incoming>* out_ = nullptr;
  Instant at_{};
  FrameHead frame_;
  Opcode opcode_ = Opcode::kText;  // of the message at hand
  bool in_message_ = false;
  bool compressed_ = false;
  bool over_ = false;
  Utf8Validator text_;
  std::string message_;
  std::string control_;
  Violation violation_;
};

}  // namespace perigee::websocket
