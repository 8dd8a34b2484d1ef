#include "engine/http/http2/connection.h"

#include <array>
#include <utility>

#include <nghttp2/nghttp2.h>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/http/http2/frame_buffer.h"

// Bytes go three ways. What the peer sends passes the head filter (clients) on its way to nghttp2,
// which calls back for heads, data and ends. What users submit waits in nghttp2 until the turn
// ends; then `flush` has it put into frames, which gather in `out_` and are written in one piece.
// Data is copied into `out_` from where its source has it, and nowhere else.

namespace perigee::http2 {

Connection::Connection(const ConnectionSettings& settings, Stream& stream, const Clock& clock,
                       TurnEnd& turn_end, ConnectionEvents& events)
    : stream_(stream),
      clock_(clock),
      turn_end_(turn_end),
      events_(events),
      frame_buffer_(FrameBuffer::shared()),
      role_(settings.role),
      reports_frames_(settings.reports_frames),
      manual_windows_(settings.manual_windows),
      peer_max_streams_(settings.expected_streams),
      block_(settings.max_head) {
  start(settings);
  submit_settings(settings);
  turn_end_.arm();
}

Connection::~Connection() {
  nghttp2_session_del(session_);
}

void Connection::submit_settings(const ConnectionSettings& settings) {
  const nghttp2_settings_entry first =
      role_ == Role::kClient
          ? nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}
          : nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, settings.max_streams};
  const std::array<nghttp2_settings_entry, 3> entries{{
      first,
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, static_cast<uint32_t>(settings.stream_window)},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, settings.max_head},
  }};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, settings.connection_window);
}

StreamEvents* Connection::events_of(int32_t stream) const {
  return static_cast<StreamEvents*>(nghttp2_session_get_stream_user_data(session_, stream));
}

void Connection::resume(int32_t stream) {
  nghttp2_session_resume_data(session_, stream);
  turn_end_.arm();
}

void Connection::reset(int32_t stream, ErrorCode code) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, static_cast<uint32_t>(code));
  turn_end_.arm();
}

void Connection::forget(int32_t stream) {
  nghttp2_session_set_stream_user_data(session_, stream, nullptr);
  if (heading_ == stream) heading_events_ = nullptr;
}

bool Connection::opened(int32_t stream) const {
  return nghttp2_session_find_stream(session_, stream) != nullptr;
}

bool Connection::sent_end(int32_t stream) const {
  return nghttp2_session_get_stream_local_close(session_, stream) != 0;
}

void Connection::set_window(int32_t stream, int32_t size) {
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, stream, size);
  turn_end_.arm();
}

void Connection::consume(int32_t stream, size_t bytes) {
  nghttp2_session_consume_stream(session_, stream, bytes);
  turn_end_.arm();
}

void Connection::ping() {
  nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
  turn_end_.arm();
}

void Connection::go_away(ErrorCode code) {
  leaving_code_ = code;
  turn_end_.arm();
}

// Only now: until then the peer may open streams, and those that its GOAWAY does not name end as
// refused, though their users have dealt with them.
void Connection::submit_go_away() {
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_),
                        static_cast<uint32_t>(*leaving_code_), nullptr, 0);
  leaving_code_.reset();
  go_away_waits_ = true;
}

void Connection::cut(std::string_view bytes) {
  cut_ = true;
  last_bytes_.append(bytes);
  turn_end_.arm();
}

bool Connection::receive(std::string_view bytes, Instant at) {
  at_ = at;
  turn_end_.arm();
  if (role_ == Role::kServer) return feed(bytes);
  while (!bytes.empty()) {
    const HeadFilter::Piece piece = head_filter_.take(bytes);
    if (piece.refused != 0) {
      if (StreamEvents* events = events_of(piece.refused)) {
        events->on_head_fault(HeadFault::kTooLarge);
      }
    }
    if (!piece.bytes.empty() && !feed(piece.bytes)) return false;
  }
  return true;
}

bool Connection::feed(std::string_view bytes) {
  return nghttp2_session_mem_recv(session_, reinterpret_cast<const uint8_t*>(bytes.data()),
                                  bytes.size()) >= 0;
}

void Connection::flush() {
  at_ = clock_.now();
  size_t written = 0;
  while (!sending_) {
    if (written >= limits::kBodyTurn) {  // others shall have a turn
      turn_end_.arm();
      return;
    }
    fill();
    if (out_.empty()) return frame_buffer_->give_back(out_);
    written += out_.size();
    sending_ = !stream_.write(out_, {});
    if (!sending_) report_sent(clock_.now());
  }
}

void Connection::fill() {
  const FrameBuffer::Use use(*frame_buffer_);
  if (out_.empty()) frame_buffer_->lend(out_);
  if (leaving_code_) submit_go_away();
  // However much goes before it, the GOAWAY is put together before the peer is read again.
  while ((!full() || go_away_waits_) && !cut_) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    PERIGEE_CHECK(size >= 0);
    if (size == 0) return;
    out_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  }
  if (cut_) out_.append(std::exchange(last_bytes_, {}));
}

void Connection::on_sent(Instant at) {
  sending_ = false;
  report_sent(at);
  turn_end_.arm();
}

void Connection::report_sent(Instant at) {
  at_ = at;
  for (const int32_t stream : leaving_) {
    if (StreamEvents* events = events_of(stream)) events->on_sent();
  }
  leaving_.clear();
  frame_buffer_->give_back(out_);
}

bool Connection::over() const {
  if (cut_) return !sending_ && last_bytes_.empty();
  return nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
}

}  // namespace perigee::http2
