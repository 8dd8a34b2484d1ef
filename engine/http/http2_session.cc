#include "engine/http/http2_session.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "engine/http/errors.h"
#include "engine/http/measured_body.h"
#include "engine/http/prepared_request.h"
#include "engine/http/reason_phrase.h"
#include "engine/http/session_stream.h"

namespace perigee::http {
namespace {

constexpr int32_t kMaxStreamId = 0x7fff'ffff;
constexpr const char* kHeadTooLarge =
    "its head is larger than 128 KiB, as HTTP/2 packs it, or one of its fields than 64 KiB";
static_assert(limits::kHttp2HeaderBlock == 128 * 1024);

Error session_error(ErrorCode kind, http2::ErrorCode code) {
  return http2_error(kind, static_cast<uint32_t>(code));
}

http2::ConnectionSettings connection_settings(const Http2Settings& settings) {
  return {.role = http2::Role::kClient,
          .expected_streams = settings.expected_streams,
          .max_head = limits::kResponseHead};
}

}  // namespace

// Used for one exchange after the other.
class Http2Session::ExchangeStream final : public http2::StreamEvents, public http2::DataSource {
 public:
  ExchangeStream(Http2Session& session, uint32_t slot) : session_(session), slot_(slot) {}

  void begin(SessionStream& exchange);
  SessionStream* exchange() const { return exchange_; }
  SessionStream& take_exchange();
  int32_t id() const { return id_; }
  // Something of a response has come.
  bool answered() const { return answered_; }
  uint64_t sent_before() const { return sent_before_; }

 private:
  void on_head_begins() override;
  void on_head(const http2::FieldBlock& head, bool ends) override;
  void on_data(std::string_view bytes) override {
    exchange_->on_body(bytes, session_.connection_.at());
  }
  void on_trailers(const http2::FieldBlock& trailers) override;
  void on_end() override;
  void on_sent() override { exchange_->on_sent(session_.connection_.at()); }
  void on_head_fault(http2::HeadFault fault) override;
  void on_closed(http2::ErrorCode code) override;

  Ready ready() override;
  void taken(size_t size) override;
  // False: its request has failed instead, and is gone.
  bool next_piece();
  // Nothing of the body comes after the piece at hand. Where its length was told the end goes with
  // the last piece: a frame of its own might have no window.
  bool ends() const { return !source_ || body_.empty() || source_->whole(); }
  void refuse(std::string_view reason) { session_.fail(*this, malformed_response(reason)); }

  Http2Session& session_;
  SessionStream* exchange_ = nullptr;
  std::string_view body_;               // what is left to be sent of it, or of a piece of `source_`
  std::optional<MeasuredBody> source_;  // of a streamed body
  uint64_t sent_before_ = 0;            // bytes written before it
  int32_t id_ = 0;
  const uint32_t slot_;
  uint16_t informational_ = 0;  // responses before the final one
  bool answered_ = false;
};

void Http2Session::ExchangeStream::begin(SessionStream& exchange) {
  exchange_ = &exchange;
  body_ = exchange.request().payload();
  sent_before_ = session_.stream_.bytes_sent();
  informational_ = 0;
  answered_ = false;
  if (BodySource* source = exchange.request().source()) source_.emplace(*source);
  exchange.set_slot(slot_);
  const bool no_body = body_.empty() && (!source_ || source_->whole());
  const auto fields = session_.fields_.of(exchange.request().head_text(), session_.tls_);
  id_ = session_.connection_.open(*this, fields, no_body ? nullptr : this);
}

SessionStream& Http2Session::ExchangeStream::take_exchange() {
  source_.reset();
  body_ = {};
  return *std::exchange(exchange_, nullptr);
}

void Http2Session::ExchangeStream::on_head_begins() {
  if (!std::exchange(answered_, true)) exchange_->on_response(session_.connection_.at());
}

void Http2Session::ExchangeStream::on_head(const http2::FieldBlock& head, bool /*ends*/) {
  if (head.truncated()) {
    refuse(fmt::format("its head is larger than {} bytes", limits::kResponseHead));
  } else if (head.status() < 100) {
    refuse("its status is not a number of three digits from 100 on");
  } else if (head.status() >= 200) {
    exchange_->on_head({.status = head.status(),
                        .reason = reason_phrase(head.status()),
                        .fields = head.text(),
                        .version = HttpVersion::kHttp2});
  } else if (++informational_ > limits::kInformationalResponses) {
    refuse("too many informational (1xx) responses");
  }
}

void Http2Session::ExchangeStream::on_trailers(const http2::FieldBlock& trailers) {
  if (trailers.truncated()) {
    refuse(fmt::format("its trailers are larger than {} bytes", limits::kResponseHead));
  } else if (!trailers.text().empty()) {
    exchange_->on_trailers(trailers.text());
  }
}

void Http2Session::ExchangeStream::on_end() {
  http2::Connection& connection = session_.connection_;
  // The server needs no more of the request.
  if (!connection.sent_end(id_)) connection.reset(id_, http2::ErrorCode::kNoError);
  session_.kept_ = true;
  session_.release(*this).finish({}, connection.at());
}

void Http2Session::ExchangeStream::on_head_fault(http2::HeadFault fault) {
  refuse(fault == http2::HeadFault::kTooLarge ? kHeadTooLarge
                                              : "the request's headers are too large for HTTP/2");
}

void Http2Session::ExchangeStream::on_closed(http2::ErrorCode code) {
  Http2Session& session = session_;
  const Instant at = session.connection_.at();
  const Error error = code == http2::ErrorCode::kRefusedStream && session.going_away_
                          ? session_error(ErrorCode::kHttp2GoAway, session.go_away_code_)
                          : session_error(ErrorCode::kHttp2Stream, code);
  SessionStream& exchange = session.release(*this);
  if (code == http2::ErrorCode::kRefusedStream) {
    exchange.on_not_processed(error, at, /*fruitless=*/!session.kept_ && !session.processes_);
  } else {
    exchange.finish(error, at);
  }
}

http2::DataSource::Ready Http2Session::ExchangeStream::ready() {
  if (body_.empty() && source_ && !next_piece()) return {};
  return {.bytes = body_, .last = ends()};
}

void Http2Session::ExchangeStream::taken(size_t size) {
  body_.remove_prefix(size);
  // A source that has more than it told is an error, as it is over HTTP/1.1.
  if (body_.empty() && source_ && source_->whole()) next_piece();
}

bool Http2Session::ExchangeStream::next_piece() {
  const BodySource::Piece piece = source_->next();
  body_ = piece.bytes;
  if (piece.error) session_.fail(*this, piece.error);
  return !piece.error;
}

Http2Session::Http2Session(Stream& stream, const Clock& clock, TurnEnd& turn_end,
                           Http2Fields& fields, const Http2Settings& settings)
    : stream_(stream),
      fields_(fields),
      settings_(connection_settings(settings)),
      connection_(settings_, stream, clock, turn_end, *this),
      most_streams_(settings.most_streams),
      tls_(settings.tls) {}

Http2Session::~Http2Session() = default;

uint32_t Http2Session::capacity() const {
  const uint32_t max = std::min(most_streams_, connection_.peer_max_streams());
  return exhausted_ || in_flight_ >= max ? 0 : max - in_flight_;
}

Http2Session::ExchangeStream& Http2Session::free_stream() {
  if (free_.empty()) {
    const auto slot = static_cast<uint32_t>(streams_.size());
    streams_.push_back(std::make_unique<ExchangeStream>(*this, slot));
    free_.push_back(streams_.back().get());
  }
  ExchangeStream& stream = *free_.back();
  free_.pop_back();
  return stream;
}

SessionStream& Http2Session::release(ExchangeStream& stream) {
  connection_.forget(stream.id());
  free_.push_back(&stream);
  --in_flight_;
  return stream.take_exchange();
}

void Http2Session::fail(ExchangeStream& stream, const Error& error) {
  connection_.reset(stream.id(), http2::ErrorCode::kCancel);
  release(stream).finish(error, connection_.at());
}

void Http2Session::submit(SessionStream& exchange) {
  ExchangeStream& stream = free_stream();
  ++in_flight_;
  stream.begin(exchange);
  const bool last_stream = stream.id() > kMaxStreamId - 2;
  if (exchange.request().closes_connection() || last_stream) exhausted_ = true;
}

bool Http2Session::begun(const SessionStream& exchange) const {
  return connection_.opened(streams_[exchange.slot()]->id());
}

bool Http2Session::abandon(SessionStream& exchange) {
  ExchangeStream& stream = *streams_[exchange.slot()];
  connection_.reset(stream.id(), http2::ErrorCode::kCancel);
  release(stream);
  return true;
}

void Http2Session::pause(SessionStream& exchange) {
  connection_.set_window(streams_[exchange.slot()]->id(), 0);
}

void Http2Session::resume(SessionStream& exchange) {
  connection_.set_window(streams_[exchange.slot()]->id(), settings_.stream_window);
}

void Http2Session::on_read(std::string_view bytes, Instant at) {
  const bool first = !std::exchange(preface_seen_, true);
  if (first && bytes.starts_with("HTTP/1.")) return fail_all(not_http2(), at);
  if (connection_.receive(bytes, at)) return;
  fail_all(session_error(ErrorCode::kHttp2Connection, http2::ErrorCode::kInternalError), at);
}

// Streams above the last one end, as refused, right after this.
void Http2Session::on_go_away(int32_t last_stream, http2::ErrorCode code,
                              std::string_view /*reason*/) {
  going_away_ = exhausted_ = true;
  processes_ = last_stream > 0;
  go_away_code_ = code;
}

void Http2Session::on_closed(int error, Instant at) {
  exhausted_ = true;
  for (size_t i = 0; i < streams_.size(); ++i) {
    ExchangeStream& lost = *streams_[i];
    if (lost.exchange() == nullptr) continue;
    const Error why = go_away_code_ != http2::ErrorCode::kNoError
                          ? session_error(ErrorCode::kHttp2GoAway, go_away_code_)
                      : error != 0 ? stream_error(error)
                                   : cut_off(lost.answered());
    const LostRequest facts{.kept = kept_,
                            .responded = lost.answered(),
                            .untaken = is_untaken(stream_, lost.sent_before(), error)};
    release(lost).on_lost(why, at, facts);
  }
}

void Http2Session::fail_all(const Error& error, Instant at) {
  exhausted_ = true;
  for (size_t i = 0; i < streams_.size(); ++i) {
    if (streams_[i]->exchange() == nullptr) continue;
    release(*streams_[i]).finish(error, at);
  }
}

void Http2Session::on_turn_end() {
  connection_.flush();
  // A fault of the peer's was found, and the peer has been told so.
  if (connection_.over()) {
    fail_all(session_error(ErrorCode::kHttp2Connection, connection_.go_away_code()),
             connection_.at());
  }
}

}  // namespace perigee::http
