#include "engine/websocket/session.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/http/errors.h"

namespace perigee::websocket {
namespace {

// What an entry of the inbox takes beside its payload, so that empty ones are bounded, too.
constexpr size_t kEntry = sizeof(Incoming);

}  // namespace

Session::Session(Loop& loop, Deadlines& deadlines, CodecPool& pool, const SessionSettings& settings,
                 std::unique_ptr<Stream> stream, SessionEvents& events)
    : loop_(loop),
      deadlines_(deadlines),
      pool_(pool),
      role_(settings.role),
      deflate_(settings.deflate),
      stream_(std::move(stream)),
      events_(events),
      reader_(pool, settings.role, settings.message_limit, settings.deflate) {
  stream_->hand_over(*this);
}

Session::~Session() = default;

void Session::receive(std::string_view bytes, Instant at) {
  if (state_ == State::kClosed || close_received_) return;
  const size_t before = inbox_.size();
  reader_.feed(bytes, at, inbox_);
  take_control(before);
  if (reader_.violation() && ending_.error.empty()) fail(reader_.violation());
  pace();
}

// Answers pings and closes among what has just come in, from `first` on.
void Session::take_control(size_t first) {
  for (size_t i = first; i < inbox_.size(); ++i) {
    Incoming& incoming = inbox_[i];
    if (incoming.opcode == Opcode::kClose) {
      Incoming close = std::move(incoming);
      inbox_.pop_back();  // nothing is read past a close
      answer_close(std::move(close));
      return;
    }
    inbox_bytes_ += incoming.payload.size() + kEntry;
    if (incoming.opcode == Opcode::kPing && !close_sent_) write(Opcode::kPong, incoming.payload);
  }
}

void Session::answer_close(Incoming close) {
  close_received_ = true;
  ending_.code = close.code;
  ending_.reason = std::move(close.payload);
  state_ = State::kClosing;
  if (!close_sent_) write_close(close.code, {});
  // The server closes the connection first, so that the waiting that TCP asks for is its own.
  const bool at_once = role_ == Role::kServer && !sending_;
  disarm();
  deadlines_.arm(*this, at_once ? Duration::zero() : limits::kWebSocketLinger, loop_.now());
}

void Session::fail(const Violation& violation) {
  ending_.code = violation.code;
  ending_.error = fmt::format("the peer broke the protocol: {}", violation.text);
  if (!close_sent_) write_close(violation.code, violation.text.substr(0, kMostReason));
  state_ = State::kClosing;
  disarm();
  deadlines_.arm(*this, limits::kWebSocketLinger, loop_.now());
}

void Session::send(Opcode opcode, std::string_view payload) {
  const bool packs = deflate_ && !is_control(opcode);
  if (!packs) return write(opcode, payload);
  const bool alone = role_ == Role::kClient ? deflate_->client_no_context_takeover
                                            : deflate_->server_no_context_takeover;
  const int bits =
      role_ == Role::kClient ? deflate_->client_max_window_bits : deflate_->server_max_window_bits;
  if (!alone && !deflater_) deflater_ = std::make_unique<MessageDeflater>(bits, true);
  MessageDeflater& deflater = alone ? pool_.deflater(bits) : *deflater_;
  std::unique_ptr<std::string>& out = next_ ? next_ : next_ = pool_.take_buffer();
  pool_.frames().write(*out, role_, {.opcode = opcode, .compressed = true}, deflater.pack(payload));
  flush();
}

void Session::write(Opcode opcode, std::string_view payload) {
  if (!next_) next_ = pool_.take_buffer();
  pool_.frames().write(*next_, role_, {.opcode = opcode}, payload);
  flush();
}

void Session::write_close(uint16_t code, std::string_view reason) {
  std::string payload;
  if (code != close_code::kNone) {
    payload = {static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    payload += reason;
  }
  close_sent_ = true;
  write(Opcode::kClose, payload);
}

void Session::close(uint16_t code, std::string_view reason) {
  if (state_ != State::kOpen) return;
  write_close(code, reason);
  state_ = State::kClosing;
  deadlines_.arm(*this, limits::kWebSocketClose, loop_.now());
}

void Session::say_goodbye(uint16_t code) {
  if (state_ == State::kOpen && !sending_) write_close(code, {});
}

// The kernel is given one piece at a time; what is sent meanwhile goes out together.
void Session::flush() {
  while (!sending_ && next_ && stream_) {
    sending_ = std::move(next_);
    if (!stream_->write(*sending_, {})) return;
    pool_.give_back(std::move(sending_));
  }
}

void Session::pace() {
  if (!stream_) return;
  const bool full =
      inbox_bytes_ >= (paused_ ? limits::kWebSocketInbox / 2 : limits::kWebSocketInbox);
  // After the close frame nothing is kept.
  const bool pause = full && !close_received_;
  if (std::exchange(paused_, pause) == pause) return;
  if (pause) {
    stream_->pause_reading();
  } else {
    stream_->resume_reading();
  }
}

std::optional<Incoming> Session::take() {
  if (inbox_.empty()) return std::nullopt;
  Incoming incoming = std::move(inbox_.front());
  inbox_.pop_front();
  inbox_bytes_ -= incoming.payload.size() + kEntry;
  if (paused_) pace();
  return incoming;
}

size_t Session::buffered() const {
  return (sending_ ? sending_->size() : 0) + (next_ ? next_->size() : 0);
}

uint64_t Session::bytes_sent() const {
  return stream_ ? stream_->bytes_sent() : sent_;
}

uint64_t Session::bytes_received() const {
  return stream_ ? stream_->bytes_received() : received_;
}

void Session::on_read(std::string_view bytes, Instant at) {
  receive(bytes, at);
  events_.on_activity();
}

void Session::on_sent() {
  pool_.give_back(std::move(sending_));
  flush();
  events_.on_activity();
}

void Session::on_closed(int error) {
  if (close_received_ || !ending_.error.empty()) {
    finish({});
  } else if (error != 0) {
    finish(http::stream_error(error).text);
  } else {
    finish(close_sent_ ? "the peer closed the connection without answering the close"
                       : "the peer closed the connection without a close frame");
  }
}

void Session::on_deadline() {
  const bool over = close_received_ || !ending_.error.empty();
  finish(over ? ""
              : fmt::format("the peer did not answer the close within {} s",
                            limits::kWebSocketClose.count()));
}

void Session::finish(std::string error) {
  disarm();
  if (ending_.error.empty()) ending_.error = std::move(error);
  ending_.at = loop_.now();
  state_ = State::kClosed;
  sent_ = stream_->bytes_sent();
  received_ = stream_->bytes_received();
  stream_.reset();
  events_.on_activity();
}

}  // namespace perigee::websocket
