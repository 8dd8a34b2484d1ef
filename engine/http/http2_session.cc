#include "engine/http/http2_session.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/http/errors.h"
#include "engine/http/exchange.h"
#include "engine/http/reason_phrase.h"

namespace perigee::http {
namespace {

// Beyond this the buffer is given back.
constexpr size_t kKeptBuffer = 4 * 1024;
constexpr uint32_t kMostStreamId = 0x7fff'ffff;
constexpr const char* kHeadTooLarge =
    "its head is larger than 128 KiB, as HTTP/2 packs it, or one of its fields than 64 KiB";
static_assert(limits::kHttp2HeaderBlock == 128 * 1024);

std::string_view as_text(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

Http2Session::Http2Session(Stream& stream, const Clock& clock, TurnEnd& turn_end,
                           Http2Fields& fields, const Http2Settings& settings)
    : stream_(stream),
      clock_(clock),
      turn_end_(turn_end),
      fields_(fields),
      most_streams_(settings.most_streams),
      peer_streams_(settings.expected_streams),
      tls_(settings.tls) {
  open(settings);
  turn_end_.arm();
}

Http2Session::~Http2Session() {
  nghttp2_session_del(session_);
}

uint32_t Http2Session::capacity() const {
  const uint32_t most = std::min(most_streams_, peer_streams_);
  return exhausted_ || in_flight_ >= most ? 0 : most - in_flight_;
}

Http2Session::Carried& Http2Session::carry(Exchange& exchange) {
  if (free_.empty()) {
    carried_.push_back(std::make_unique<Carried>());
    carried_.back()->slot = static_cast<uint32_t>(carried_.size() - 1);
    free_.push_back(carried_.back().get());
  }
  Carried& carried = *free_.back();
  free_.pop_back();
  ++in_flight_;
  carried = {.exchange = &exchange,
             .body = exchange.payload(),
             .sent_before = stream_.bytes_sent(),
             .slot = carried.slot};
  if (BodySource* source = exchange.source()) {
    carried.source = std::make_unique<MeasuredBody>(*source);
  }
  exchange.set_slot(carried.slot);
  return carried;
}

Http2Session::Carried* Http2Session::carried(int32_t stream) const {
  return static_cast<Carried*>(nghttp2_session_get_stream_user_data(session_, stream));
}

Exchange& Http2Session::release(Carried& carried) {
  nghttp2_session_set_stream_user_data(session_, carried.stream, nullptr);
  if (heading_ == &carried) heading_ = nullptr;
  carried.source.reset();
  free_.push_back(&carried);
  --in_flight_;
  return *std::exchange(carried.exchange, nullptr);
}

void Http2Session::reset(int32_t stream, uint32_t code) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, code);
  turn_end_.arm();
}

void Http2Session::fail(Carried& carried, const Error& error) {
  reset(carried.stream, NGHTTP2_CANCEL);
  release(carried).finish(error, at_);
}

void Http2Session::submit(Exchange& exchange) {
  Carried& carried = carry(exchange);
  open_stream(carried, fields_.of(exchange.head_text(), tls_));
  const bool last_stream = static_cast<uint32_t>(carried.stream) + 2 > kMostStreamId;
  if (exchange.closes_connection() || last_stream) exhausted_ = true;
  turn_end_.arm();
}

bool Http2Session::abandon(Exchange& exchange) {
  Carried& carried = *carried_[exchange.slot()];
  reset(carried.stream, NGHTTP2_CANCEL);
  release(carried);
  return true;
}

bool Http2Session::next_piece(Carried& carried) {
  const BodySource::Piece piece = carried.source->next();
  carried.body = piece.bytes;
  if (piece.error) fail(carried, piece.error);
  return !piece.error;
}

void Http2Session::on_read(std::string_view bytes, Instant at) {
  at_ = at;
  if (!std::exchange(greeted_, true) && bytes.starts_with("HTTP/1.")) {
    fail_all(not_http2());
    return;
  }
  bool open = true;
  while (open && !bytes.empty()) {
    const Http2HeadFilter::Piece piece = head_filter_.take(bytes);
    if (piece.refused != 0) refuse(piece.refused, kHeadTooLarge);
    open = piece.bytes.empty() || feed(piece.bytes);
  }
  turn_end_.arm();
}

bool Http2Session::feed(std::string_view bytes) {
  const ssize_t taken = nghttp2_session_mem_recv(
      session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (taken < 0) fail_all(http2_error(ErrorCode::kHttp2Connection, NGHTTP2_INTERNAL_ERROR));
  return taken >= 0;
}

void Http2Session::begin_head(int32_t stream) {
  head_.clear();
  status_ = 0;
  head_too_large_ = false;
  heading_ = carried(stream);
  if (heading_ == nullptr || std::exchange(heading_->answering, true)) return;
  heading_->exchange->on_answer(at_);
}

void Http2Session::add_field(std::string_view name, std::string_view value) {
  if (heading_ == nullptr || head_too_large_) return;
  if (name == ":status") {
    std::from_chars(value.data(), value.data() + value.size(), status_);
    return;
  }
  if (head_.size() + name.size() + value.size() > limits::kResponseHead) {
    head_too_large_ = true;
    return;
  }
  head_.append(name).append(": ").append(value).append("\r\n");
}

void Http2Session::end_head(int32_t stream) {
  Carried* const carried = std::exchange(heading_, nullptr);
  if (carried == nullptr) return;
  if (head_too_large_) {
    refuse(stream, fmt::format("its head is larger than {} bytes", limits::kResponseHead));
  } else if (carried->final) {
    return;  // trailers
  } else if (status_ < 100) {
    refuse(stream, "its status is not a number of three digits from 100 on");
  } else if (status_ >= 200) {
    carried->final = true;
    carried->exchange->on_head({.status = status_,
                                .reason = reason_phrase(status_),
                                .fields = head_,
                                .version = HttpVersion::kHttp2});
  } else if (++carried->informational > limits::kInformationalResponses) {
    refuse(stream, "too many informational (1xx) responses");
  }
}

void Http2Session::end_answer(int32_t stream) {
  Carried* const whole = carried(stream);
  if (whole == nullptr) return;
  // The server needs no more of the request.
  if (nghttp2_session_get_stream_local_close(session_, stream) == 0) {
    reset(stream, NGHTTP2_NO_ERROR);
  }
  kept_ = true;
  release(*whole).finish({}, at_);
}

void Http2Session::refuse(int32_t stream, std::string_view reason) {
  Carried* const refused = carried(stream);
  if (refused == nullptr) return;
  fail(*refused, malformed_response(reason));
}

void Http2Session::close_stream(int32_t stream, uint32_t code) {
  Carried* const broken = carried(stream);
  if (broken == nullptr) return;
  if (code == NGHTTP2_REFUSED_STREAM) {
    const Error error = going_away_ ? http2_error(ErrorCode::kHttp2GoAway, farewell_)
                                    : http2_error(ErrorCode::kHttp2Stream, code);
    release(*broken).on_not_processed(error, at_, /*fruitless=*/!kept_ && !processes_);
  } else {
    release(*broken).finish(http2_error(ErrorCode::kHttp2Stream, code), at_);
  }
}

void Http2Session::on_peer_settings() {
  peer_streams_ =
      nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
}

// Streams above the last one are closed by nghttp2, as refused, right after this.
void Http2Session::on_going_away(int32_t last_stream, uint32_t code) {
  going_away_ = exhausted_ = true;
  processes_ = last_stream > 0;
  farewell_ = code;
}

void Http2Session::on_closed(int error, Instant at) {
  exhausted_ = true;
  for (size_t i = 0; i < carried_.size(); ++i) {
    Carried& lost = *carried_[i];
    if (lost.exchange == nullptr) continue;
    const Error why = farewell_ != 0 ? http2_error(ErrorCode::kHttp2GoAway, farewell_)
                      : error != 0   ? stream_error(error)
                                     : cut_off(lost.answering);
    const LostRequest facts{.kept = kept_,
                            .responded = lost.answering,
                            .untaken = is_untaken(stream_, lost.sent_before, error)};
    release(lost).on_lost(why, at, facts);
  }
}

void Http2Session::fail_all(const Error& error) {
  exhausted_ = true;
  for (size_t i = 0; i < carried_.size(); ++i) {
    if (carried_[i]->exchange != nullptr) release(*carried_[i]).finish(error, at_);
  }
}

void Http2Session::on_turn_end() {
  at_ = clock_.now();
  size_t written = 0;
  while (!sending_) {
    if (written >= limits::kBodyTurn) {  // others shall have a turn
      turn_end_.arm();
      break;
    }
    fill();
    if (out_.empty()) break;
    written += out_.size();
    sending_ = !stream_.write(out_, {});
    if (!sending_) tell_sent(clock_.now());
  }
  // nghttp2 has found a fault of the peer's, and has said so.
  if (nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0) {
    fail_all(http2_error(ErrorCode::kHttp2Connection, complaint_));
  }
}

void Http2Session::fill() {
  while (!full()) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    PERIGEE_CHECK(size >= 0);
    if (size == 0) return;
    out_.append(as_text(bytes, static_cast<size_t>(size)));
  }
}

void Http2Session::on_sent(Instant at) {
  sending_ = false;
  tell_sent(at);
  turn_end_.arm();
}

void Http2Session::tell_sent(Instant at) {
  for (const int32_t stream : leaving_) {
    if (const Carried* sent = carried(stream)) sent->exchange->on_sent(at);
  }
  leaving_.clear();
  out_.clear();
  if (out_.capacity() > kKeptBuffer) out_.shrink_to_fit();
}

}  // namespace perigee::http
