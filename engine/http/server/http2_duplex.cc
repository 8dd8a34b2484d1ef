#include "engine/http/server/http2_duplex.h"

#include <charconv>

#include "engine/base/check.h"

namespace perigee::http {
namespace {

// Bytes that have left are cut off the queue when there are this many.
constexpr size_t kLeftBehind = 64 * 1024;

int status_of(std::span<const http2::Field> head) {
  int status = 0;
  const std::string_view text = head.front().value;
  std::from_chars(text.data(), text.data() + text.size(), status);
  return status;
}

}  // namespace

void Http2Duplex::on_data(std::string_view bytes) {
  if (!closed_) events_->on_data(bytes);
}

void Http2Duplex::on_end() {
  if (!closed_) events_->on_end();
}

void Http2Duplex::close(http2::ErrorCode code) {
  closed_ = true;
  events_->on_closed(code);
}

void Http2Duplex::send_head(std::span<const http2::Field> head, bool last) {
  if (closed_) return;
  PERIGEE_CHECK(status_ == 0);
  status_ = status_of(head);
  ended_ = last;
  connection_.http2().respond(id_, head, last ? nullptr : this);
  if (last) connection_.on_replied(request_, status_);
}

void Http2Duplex::send(std::string_view bytes) {
  if (closed_ || ended_) return;
  PERIGEE_CHECK(status_ != 0);
  if (unsent() == 0) connection_.http2().resume(id_);
  queue_.append(bytes);
}

void Http2Duplex::end(std::span<const http2::Field> trailers) {
  if (closed_ || ended_) return;
  PERIGEE_CHECK(status_ != 0);
  keep_trailers(trailers);
  ended_ = true;
  connection_.http2().resume(id_);
  connection_.on_replied(request_, status_);
}

void Http2Duplex::keep_trailers(std::span<const http2::Field> trailers) {
  size_t size = 0;
  for (const auto& [name, value] : trailers)
    size += name.size() + value.size();
  trailer_text_.reserve(size);  // so that views of it stay
  trailers_.reserve(trailers.size());
  const auto kept = [this](std::string_view text) {
    const size_t start = trailer_text_.size();
    trailer_text_.append(text);
    return std::string_view(trailer_text_).substr(start);
  };
  for (const auto& [name, value] : trailers) {
    const std::string_view kept_name = kept(name);
    trailers_.push_back({kept_name, kept(value)});
  }
}

void Http2Duplex::consume(size_t bytes) {
  if (!closed_) connection_.http2().consume(id_, bytes);
}

void Http2Duplex::reset(http2::ErrorCode code) {
  if (closed_) return;
  closed_ = true;
  connection_.http2().reset(id_, code);
}

void Http2Duplex::go_away() {
  if (!closed_) connection_.go_away();
}

void Http2Duplex::cut() {
  if (!closed_) connection_.http2().cut();
}

http2::DataSource::Ready Http2Duplex::ready() {
  if (closed_) return {};
  return {.bytes = std::string_view(queue_).substr(sent_), .last = ended_, .trailers = trailers_};
}

void Http2Duplex::taken(size_t size) {
  sent_ += size;
  if (sent_ == queue_.size()) {
    queue_.clear();
    sent_ = 0;
    if (!ended_ && !closed_) events_->on_drained();
  } else if (sent_ >= kLeftBehind) {
    queue_.erase(0, sent_);
    sent_ = 0;
  }
}

}  // namespace perigee::http
