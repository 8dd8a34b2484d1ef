#include "target/http2_exchange.h"

#include <utility>

#include "engine/base/limits.h"
#include "engine/http/header_fields.h"

namespace perigee {
namespace {

// Pieces that are due are sent together up to this size.
constexpr size_t kBatch = 16 * 1024;

}  // namespace

void Http2Exchange::take_head(const http2::FieldBlock& head) {
  std::string fields;
  if (!head.authority().empty()) fields.append("host: ").append(head.authority()).append("\r\n");
  fields.append(head.text());
  http::Http1Head request_head;
  request_head.method = head.method();
  request_head.target = head.path();
  request_head.fields = fields;
  request.assign(request_head);
}

bool Http2Exchange::announces_too_much() const {
  return parse_number(request.field("content-length")).value_or(0) > limits::kRequestBody;
}

bool Http2Exchange::add_body(std::string_view bytes) {
  if (request.body.size() + bytes.size() > limits::kRequestBody) return false;
  request.body.append(bytes);
  return true;
}

void Http2Exchange::hold(Answer answer) {
  answer_ = std::move(answer);
  holds_ = true;
  if (answer_.delivery != Delivery::kHang) timer_.start(answer_.due);
}

Answer Http2Exchange::release() {
  holds_ = false;
  return std::exchange(answer_, {});
}

void Http2Exchange::begin_body(Answer answer) {
  answer_ = std::move(answer);
  unsent_ = answer_.body();
  if (answer_.delivery == Delivery::kHalf) unsent_ = unsent_.substr(0, unsent_.size() / 2);
}

Http2Exchange::Ready Http2Exchange::ready(Instant now) {
  if (answer_.stream == nullptr) return {unsent_, answer_.delivery != Delivery::kHalf};
  if (unsent_.empty()) take_pieces(now);
  if (!answer_.stream->over()) return {unsent_, false};
  if (trailers_.empty()) read_trailers();
  return {unsent_, true, trailers_};
}

void Http2Exchange::read_trailers() {
  std::string_view rest = answer_.stream->trailers();
  trailer_names_.reserve(rest.size());  // so that they stay where they are
  std::string_view name, value;
  while (next_field(rest, name, value)) {
    const size_t start = trailer_names_.size();
    trailer_names_ += http::to_lower(name);
    trailers_.push_back({std::string_view(trailer_names_).substr(start), value});
  }
}

void Http2Exchange::take_pieces(Instant now) {
  BodyStream& stream = *answer_.stream;
  piece_.clear();
  while (!stream.over() && stream.due() <= now && piece_.size() < kBatch)
    stream.take(piece_, now);
  unsent_ = piece_;
  if (unsent_.empty() && !stream.over()) timer_.start(stream.due());
}

}  // namespace perigee
