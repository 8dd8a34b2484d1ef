#include "engine/websocket/message_reader.h"

#include <utility>

#include <fmt/format.h>

namespace perigee::websocket {
namespace {

bool is_known(Opcode opcode) {
  switch (opcode) {
    case Opcode::kContinuation:
    case Opcode::kText:
    case Opcode::kBinary:
    case Opcode::kClose:
    case Opcode::kPing:
    case Opcode::kPong:
      return true;
  }
  return false;
}

}  // namespace

MessageReader::MessageReader(CodecPool& pool, Role role, size_t limit,
                             const std::optional<DeflateParameters>& agreed)
    : pool_(pool),
      frames_(pool.frames(), *this),
      role_(role),
      limit_(limit),
      may_compress_(agreed.has_value()),
      keeps_context_(agreed && !(role == Role::kClient ? agreed->server_no_context_takeover
                                                       : agreed->client_no_context_takeover)) {
  if (!keeps_context_) return;
  inflater_ = std::make_unique<MessageInflater>(
      role == Role::kClient ? agreed->server_max_window_bits : agreed->client_max_window_bits,
      true);
}

bool MessageReader::feed(std::string_view bytes, Instant at, std::deque<Incoming>& out) {
  if (over_) return false;
  out_ = &out;
  at_ = at;
  if (frames_.feed(bytes)) return true;
  if (!over_) {
    violate(close_code::kProtocolError,
            "a control frame in fragments or of more than 125 bytes, or a length in a longer form "
            "than it needs");
  }
  return false;
}

bool MessageReader::violate(uint16_t code, std::string text) {
  over_ = true;
  violation_ = {code, std::move(text)};
  return false;
}

bool MessageReader::on_frame(const FrameHead& head) {
  const auto wrong = [this](std::string text) {
    return violate(close_code::kProtocolError, std::move(text));
  };
  frame_ = head;
  if (!is_known(head.opcode)) {
    return wrong(
        fmt::format("a frame with the reserved opcode {}", static_cast<unsigned>(head.opcode)));
  }
  const bool first = head.opcode == Opcode::kText || head.opcode == Opcode::kBinary;
  if (head.reserved || (head.compressed && !(may_compress_ && first))) {
    return wrong("a frame with a reserved bit that no extension gives a meaning");
  }
  if (head.masked != (role_ == Role::kServer)) {
    return wrong(head.masked ? "a masked frame from the server" : "an unmasked frame");
  }
  if (is_control(head.opcode)) {
    control_.clear();
    return true;
  }
  if (head.opcode == Opcode::kContinuation) {
    if (!in_message_) return wrong("a continuation of no message");
  } else if (!begin_message(head)) {
    return false;
  }
  return head.length > limit_ || message_.size() + head.length > limit_ ? too_big() : true;
}

bool MessageReader::too_big() {
  return violate(close_code::kTooBig,
                 fmt::format("a message of more than {} bytes, the limit", limit_));
}

bool MessageReader::begin_message(const FrameHead& head) {
  if (in_message_) {
    return violate(close_code::kProtocolError, "a new message in the middle of another one");
  }
  in_message_ = true;
  opcode_ = head.opcode;
  compressed_ = head.compressed;
  text_ = {};
  message_.clear();
  if (compressed_ && !inflater_) inflater_ = pool_.take_inflater();
  return true;
}

bool MessageReader::on_payload(std::string_view bytes) {
  if (is_control(frame_.opcode)) {
    control_.append(bytes);
    return true;
  }
  return add(bytes);
}

bool MessageReader::add(std::string_view bytes) {
  const size_t before = message_.size();
  if (compressed_) return unpacked(inflater_->unpack(bytes, message_, limit_), before);
  message_.append(bytes);
  return check_text(before);
}

bool MessageReader::unpacked(MessageInflater::Result result, size_t before) {
  switch (result) {
    case MessageInflater::Result::kTooLarge:
      return too_big();
    case MessageInflater::Result::kDamaged:
      return violate(close_code::kInvalidText, "a message that can't be unpacked");
    case MessageInflater::Result::kOk:
      break;
  }
  return check_text(before);
}

bool MessageReader::check_text(size_t before) {
  if (opcode_ != Opcode::kText || text_.feed(std::string_view(message_).substr(before))) {
    return true;
  }
  return violate(close_code::kInvalidText, "a text message that is not UTF-8");
}

bool MessageReader::on_frame_end() {
  switch (frame_.opcode) {
    case Opcode::kClose:
      return end_close();
    case Opcode::kPing:
    case Opcode::kPong:
      deliver(frame_.opcode, std::move(control_));
      return true;
    default:
      return !frame_.final || end_message();
  }
}

bool MessageReader::end_message() {
  in_message_ = false;
  if (compressed_) {
    const size_t before = message_.size();
    if (!unpacked(inflater_->finish(message_, limit_), before)) return false;
    if (!keeps_context_) pool_.give_back(std::move(inflater_));
  }
  if (opcode_ == Opcode::kText && !text_.finish()) {
    return violate(close_code::kInvalidText, "a text message that ends within a character");
  }
  deliver(opcode_, std::exchange(message_, {}));
  return true;
}

bool MessageReader::end_close() {
  if (control_.empty()) {
    over_ = true;
    deliver(Opcode::kClose, {}, close_code::kNone);
    return false;
  }
  if (control_.size() == 1) {
    return violate(close_code::kProtocolError, "a close frame with half a code");
  }
  const auto code = static_cast<uint16_t>(static_cast<uint8_t>(control_[0]) << 8 |
                                          static_cast<uint8_t>(control_[1]));
  if (!is_sendable(code)) {
    return violate(close_code::kProtocolError, fmt::format("a close frame with the code {}", code));
  }
  std::string reason = control_.substr(2);
  if (!is_utf8(reason)) {
    return violate(close_code::kInvalidText, "a close reason that is not UTF-8");
  }
  over_ = true;
  deliver(Opcode::kClose, std::move(reason), code);
  return false;
}

void MessageReader::deliver(Opcode opcode, std::string payload, uint16_t code) {
  out_->push_back({.opcode = opcode, .payload = std::move(payload), .at = at_, .code = code});
}

}  // namespace perigee::websocket
