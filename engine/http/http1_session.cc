#include "engine/http/http1_session.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/http/errors.h"
#include "engine/http/prepared_request.h"
#include "engine/http/retry.h"
#include "engine/http/session_stream.h"

namespace perigee::http {

Http1Session::Http1Session(Stream& stream, const Clock& clock)
    : stream_(stream),
      clock_(clock),
      parser_(Http1Parser::Role::kClient, *this, limits::kResponseHead) {}

void Http1Session::submit(SessionStream& stream) {
  current_ = &stream;
  informational_ = 0;
  responding_ = final_ = complete_ = false;
  const PreparedRequest& request = stream.request();
  if (request.expects_no_body()) parser_.expect_no_body();
  sent_before_ = stream_.bytes_sent();
  sent_ = stream_.write(request.head(), request.body());
  if (request.source() != nullptr) {
    writer_ = std::make_unique<Http1BodyWriter>(stream_, *request.source());
    // A body that fails at once ends the stream, which must not happen before the next turn.
    if (std::exchange(sent_, false)) stream.send_more_later();
  } else if (sent_) {
    stream.on_sent(clock_.now());
  }
}

bool Http1Session::abandon(SessionStream& /*stream*/) {
  writer_.reset();
  current_ = nullptr;
  exhausted_ = true;
  return false;
}

void Http1Session::pause(SessionStream& /*stream*/) {
  paused_ = true;
  stream_.pause_reading();
}

void Http1Session::resume(SessionStream& /*stream*/) {
  paused_ = false;
  stream_.resume_reading();
}

void Http1Session::on_read(std::string_view bytes, Instant at) {
  if (current_ == nullptr) {
    exhausted_ = true;  // nobody asked for these bytes
    return;
  }
  at_ = at;
  if (!std::exchange(responding_, true)) current_->on_response(at);
  while (!bytes.empty() && !complete_ && refusal_ == nullptr && parser_.error().empty()) {
    bytes.remove_prefix(parser_.feed(bytes));
    if (current_ == nullptr) return;  // the sink has cancelled it
  }
  if (!parser_.error().empty()) {
    exhausted_ = true;
    finish(malformed_response(parser_.error()), at);
  } else if (refusal_ != nullptr) {
    exhausted_ = true;
    finish({ErrorCode::kGeneric, refusal_}, at);
  } else if (complete_) {
    exhausted_ = exhausted_ || !bytes.empty() || !sent_ || current_->request().closes_connection();
    finish({}, at);
  }
}

void Http1Session::on_sent(Instant at) {
  if (current_ != nullptr && writer_) return send_more(at);
  sent_ = true;
  if (current_ != nullptr) current_->on_sent(at);
}

void Http1Session::send_more(Instant at) {
  using Progress = Http1BodyWriter::Progress;
  switch (writer_->go_on()) {
    case Progress::kWaiting:
      return;
    case Progress::kPaused:
      return current_->send_more_later();
    case Progress::kFailed:
      // The server waits for the rest: only closing the connection tells it that there is none.
      exhausted_ = true;
      return finish(Error(writer_->error()), at);
    case Progress::kSent:
      writer_.reset();
      sent_ = true;
      current_->on_sent(at);
  }
}

void Http1Session::on_closed(int error, Instant at) {
  exhausted_ = true;
  if (current_ == nullptr) return;
  if (error != 0) {
    lose(stream_error(error, stream_), error, at);
  } else if (parser_.finish() && complete_) {
    finish({}, at);
  } else {
    lose(cut_off(responding_), error, at);
  }
}

void Http1Session::lose(Error why, int error, Instant at) {
  const LostRequest facts{
      .kept = kept_, .responded = responding_, .untaken = is_untaken(stream_, sent_before_, error)};
  release().on_lost(std::move(why), at, facts);
}

void Http1Session::on_head(const Http1Head& head) {
  if (current_ == nullptr) return;
  if (head.status == 101) {
    refusal_ = "unsupported response status: 101 Switching Protocols";
  } else if (head.status >= 200) {
    final_ = true;
    framing_ = head.chunked ? KeepAlive::Framing::kChunked : KeepAlive::Framing::kSized;
    if (!head.keep_alive) exhausted_ = true;
    current_->on_head(
        {.status = head.status,
         .reason = head.reason,
         .fields = head.fields,
         .version = head.minor_version == 0 ? HttpVersion::kHttp10 : HttpVersion::kHttp11});
  } else if (++informational_ > limits::kInformationalResponses) {
    refusal_ = "too many informational (1xx) responses";
  }
}

void Http1Session::on_body(std::string_view bytes) {
  if (current_ != nullptr) current_->on_body(bytes, at_);
}

void Http1Session::on_trailers(std::string_view fields) {
  if (current_ != nullptr && final_) current_->on_trailers(fields);
}

void Http1Session::on_message_end() {
  complete_ = final_;
}

void Http1Session::finish(Error error, Instant at) {
  kept_ = true;
  // The stream may have been paused and end with what had been read by then.
  if (std::exchange(paused_, false) && !exhausted_) stream_.resume_reading();
  release().finish(std::move(error), at);
}

SessionStream& Http1Session::release() {
  writer_.reset();
  return *std::exchange(current_, nullptr);
}

}  // namespace perigee::http
