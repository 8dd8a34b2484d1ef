#include "target/http2_connection.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/limits.h"
#include "target/answer/error_body.h"

namespace perigee {
namespace {

http2::ConnectionSettings connection_settings() {
  return {.role = http2::Role::kServer,
          .max_streams = 250,  // as Go's server allows
          .max_head = limits::kRequestHead,
          .kept_buffer = 64 * 1024,
          .reports_frames = true};
}

std::string lower(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

using OwnedField = std::pair<std::string, std::string>;

std::vector<OwnedField> fields_of(const Answer& answer) {
  std::vector<OwnedField> fields{{":status", std::to_string(answer.status)}};
  if (!answer.content_type.empty()) fields.emplace_back("content-type", answer.content_type);
  if (answer.stream == nullptr && answer.status != 204 && answer.status != 304) {
    fields.emplace_back("content-length", std::to_string(answer.body().size()));
  }
  std::string_view rest = answer.fields;
  std::string_view name, value;
  while (next_field(rest, name, value))
    fields.emplace_back(lower(name), value);
  return fields;
}

}  // namespace

class Http2Connection::RequestStream final : public http2::StreamEvents, public http2::DataSource {
 public:
  RequestStream(Http2Connection& connection, int32_t number)
      : id(number),
        exchange(connection.context_.loop.timers(), [this] { connection_.on_due(*this); }),
        connection_(connection) {}

  const int32_t id;
  Http2Exchange exchange;

 private:
  void on_head(const http2::FieldBlock& head, bool ends) override {
    exchange.complete = ends;
    exchange.take_head(head);
    connection_.end_head(*this, head.truncated());
  }
  void on_data(std::string_view bytes) override {
    if (exchange.answered || exchange.add_body(bytes)) return;
    connection_.refuse(*this, 413, kBodyTooLarge);
  }
  void on_end() override {
    exchange.complete = true;
    connection_.end_request(*this);
  }
  void on_head_fault(http2::HeadFault /*fault*/) override {
    connection_.connection_.reset(id, http2::ErrorCode::kInternalError);
  }
  void on_closed(http2::ErrorCode /*code*/) override { connection_.end_exchange(id); }
  void on_frame_received(size_t bytes) override { exchange.bytes_received += bytes; }
  void on_frame_sent(size_t bytes) override {
    if (ArrivalCount::counts(exchange.request.route().id)) connection_.context_.stats.sent(bytes);
  }

  Ready ready() override {
    if (exchange.breaks_off()) {
      connection_.connection_.reset(id, http2::ErrorCode::kInternalError);
      return {};
    }
    const auto [rest, last, trailers] = exchange.ready(connection_.context_.loop.now());
    return {.bytes = rest, .last = last, .trailers = trailers};
  }
  void taken(size_t size) override { exchange.sent(size); }

  Http2Connection& connection_;
};

Http2Connection::Http2Connection(ConnectionContext& context, std::unique_ptr<Stream> stream)
    : context_(context),
      stream_(std::move(stream)),
      arrivals_(context.stats),
      turn_end_(context.loop.turn_ends(), [this] { flush(); }),
      connection_(connection_settings(), *stream_, context.loop.clock(), turn_end_, *this) {
  stream_->hand_over(*this);
}

Http2Connection::~Http2Connection() {
  for (const auto& [id, stream] : streams_)
    close_books(stream->exchange);
}

void Http2Connection::on_read(std::string_view bytes, Instant at) {
  if (connection_.receive(bytes, at)) return;
  arrivals_.malformed();
  connection_.cut();
}

http2::StreamEvents* Http2Connection::on_stream(int32_t stream) {
  return (streams_[stream] = std::make_unique<RequestStream>(*this, stream)).get();
}

void Http2Connection::end_head(RequestStream& stream, bool too_large) {
  const Http2Exchange& exchange = stream.exchange;
  arrivals_.arrived(exchange.request.route().id, connection_.at());
  if (too_large) {
    refuse(stream, 431, kHeadTooLarge);
  } else if (exchange.announces_too_much()) {
    refuse(stream, 413, kBodyTooLarge);
  } else if (!exchange.complete && exchange.request.expects_continue()) {
    constexpr std::array<http2::Field, 1> kContinue{{{":status", "100"}}};
    connection_.inform(stream.id, kContinue);
  }
}

void Http2Connection::end_request(RequestStream& stream) {
  if (stream.exchange.answered) return;
  respond(stream, context_.respond(stream.exchange.request, connection_.at()));
}

void Http2Connection::respond(RequestStream& stream, Answer answer) {
  stream.exchange.answered = true;
  if (answer.delivery == Delivery::kHang || answer.due > connection_.at()) {
    stream.exchange.hold(std::move(answer));
  } else {
    send(stream, std::move(answer));
  }
}

void Http2Connection::refuse(RequestStream& stream, int status, std::string_view message) {
  respond(stream, error_for_path(stream.exchange.request.path(), status, message));
}

void Http2Connection::on_due(RequestStream& stream) {
  if (stream.exchange.holds()) {
    send(stream, stream.exchange.release());
  } else {
    connection_.resume(stream.id);
  }
}

void Http2Connection::send(RequestStream& stream, Answer answer) {
  const Delivery delivery = answer.delivery;
  if (delivery == Delivery::kReset) {
    return connection_.reset(stream.id, http2::ErrorCode::kInternalError);
  }
  if (delivery == Delivery::kGarbage) return connection_.cut(answer.body());
  const TargetRequest& request = stream.exchange.request;
  const bool has_body =
      !request.head_only() && (answer.stream != nullptr || !answer.body().empty());
  submit(stream, answer, has_body);
  const bool counts = ArrivalCount::counts(request.route().id);
  if (counts && delivery != Delivery::kHalf) context_.stats.answered(answer.status);
  if (delivery == Delivery::kClose) go_away();
  if (delivery == Delivery::kCloseSilently) last_ = stream.id;
  stream.exchange.begin_body(std::move(answer));
}

void Http2Connection::submit(RequestStream& stream, const Answer& answer, bool has_body) {
  const std::vector<OwnedField> fields = fields_of(answer);
  std::vector<http2::Field> head;
  for (const auto& [name, value] : fields)
    head.push_back({name, value});
  connection_.respond(stream.id, head, has_body ? &stream : nullptr);
}

void Http2Connection::go_away() {
  leaving_ = true;
  connection_.go_away(http2::ErrorCode::kNoError);
}

void Http2Connection::end_exchange(int32_t stream) {
  const auto found = streams_.find(stream);
  close_books(found->second->exchange);
  streams_.erase(found);
  if (stream == last_) connection_.cut();
}

void Http2Connection::close_books(const Http2Exchange& exchange) {
  if (ArrivalCount::counts(exchange.request.route().id))
    context_.stats.received(exchange.bytes_received);
}

void Http2Connection::flush() {
  connection_.flush();
  if (over()) context_.finished(*this);
}

bool Http2Connection::over() const {
  if (connection_.sending()) return false;
  return connection_.over() || (leaving_ && streams_.empty());
}

void Http2Connection::on_sent() {
  connection_.on_sent(context_.loop.now());
}

void Http2Connection::on_closed(int /*error*/) {
  context_.finished(*this);
}

}  // namespace perigee
