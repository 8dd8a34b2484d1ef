#include "engine/http/server/http2_exchange.h"

#include <charconv>
#include <utility>

#include "engine/http/header_fields.h"

namespace perigee::http {
namespace {

// Pieces that are due are sent together up to this size.
constexpr size_t kBatch = 16 * 1024;

}  // namespace

void Http2Exchange::take_head(const http2::FieldBlock& head) {
  std::string fields;
  if (!head.authority().empty()) fields.append("host: ").append(head.authority()).append("\r\n");
  fields.append(head.text());
  Http1Head request_head;
  request_head.method = head.method();
  request_head.target = head.path();
  request_head.fields = fields;
  request.assign(request_head, false);
}

uint64_t Http2Exchange::announced() const {
  const std::string_view text = request.field("content-length");
  uint64_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);
  return length;
}

void Http2Exchange::hold(Reply reply) {
  reply_ = std::move(reply);
  holds_ = true;
  if (reply_.delivery != Delivery::kHang) timer_.start(reply_.due);
}

Reply Http2Exchange::release() {
  holds_ = false;
  return std::exchange(reply_, {});
}

void Http2Exchange::begin_body(Reply reply) {
  reply_ = std::move(reply);
  unsent_ = reply_.body();
  if (reply_.delivery == Delivery::kHalf) unsent_ = unsent_.substr(0, unsent_.size() / 2);
}

Http2Exchange::Ready Http2Exchange::ready(Instant now) {
  if (reply_.stream == nullptr) return {unsent_, reply_.delivery != Delivery::kHalf, {}};
  if (unsent_.empty()) take_pieces(now);
  if (!reply_.stream->over()) return {unsent_, false, {}};
  if (trailers_.empty()) read_trailers();
  return {unsent_, true, trailers_};
}

void Http2Exchange::read_trailers() {
  HeaderFields fields(reply_.stream->trailers());
  trailer_names_.reserve(reply_.stream->trailers().size());  // so that they stay where they are
  while (const auto field = fields.next()) {
    const size_t start = trailer_names_.size();
    trailer_names_ += to_lower(field->name);
    trailers_.push_back({std::string_view(trailer_names_).substr(start), field->value});
  }
}

void Http2Exchange::take_pieces(Instant now) {
  BodyStream& stream = *reply_.stream;
  piece_.clear();
  while (!stream.over() && stream.due() <= now && piece_.size() < kBatch)
    stream.take(piece_, now);
  unsent_ = piece_;
  if (unsent_.empty() && !stream.over()) timer_.start(stream.due());
}

}  // namespace perigee::http
