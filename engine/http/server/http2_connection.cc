#include "engine/http/server/http2_connection.h"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "engine/http/header_fields.h"
namespace perigee::http {
namespace {

http2::ConnectionSettings connection_settings(const ServerLimits& limits) {
  return {.role = http2::Role::kServer,
          .max_streams = 250,  // as Go's server allows
          .manual_windows = true,
          .max_head = static_cast<uint32_t>(limits.head),
          .reports_frames = true};
}

using OwnedField = std::pair<std::string, std::string>;

std::vector<OwnedField> fields_of(const Reply& reply) {
  std::vector<OwnedField> fields{{":status", std::to_string(reply.status)}};
  if (!reply.content_type.empty()) fields.emplace_back("content-type", reply.content_type);
  if (has_length(reply)) {
    fields.emplace_back("content-length", std::to_string(reply.body().size()));
  }
  HeaderFields rest(reply.fields);
  while (const auto field = rest.next())
    fields.emplace_back(to_lower(field->name), field->value);
  return fields;
}

}  // namespace

class Http2Connection::RequestStream final : public http2::StreamEvents, public http2::DataSource {
 public:
  RequestStream(Http2Connection& connection, int32_t number)
      : id(number),
        exchange(connection.context_.loop.timers(), [this] { connection_.on_due(*this); }),
        duplex(connection, number, exchange.request),
        connection_(connection) {}

  const int32_t id;
  Http2Exchange exchange;
  Http2Duplex duplex;

 private:
  void on_head(const http2::FieldBlock& head, bool ends) override {
    exchange.complete = ends;
    exchange.take_head(head);
    connection_.end_head(*this, head.truncated());
  }
  void on_data(std::string_view bytes) override {
    if (duplex.assigned()) {
      duplex.on_data(bytes);
    } else {
      connection_.add_body(*this, bytes);
    }
  }
  void on_end() override {
    exchange.complete = true;
    if (duplex.assigned()) {
      duplex.on_end();
    } else {
      connection_.end_request(*this);
    }
  }
  void on_head_fault(http2::HeadFault /*fault*/) override {
    connection_.connection_.reset(id, http2::ErrorCode::kInternalError);
  }
  void on_closed(http2::ErrorCode code) override {
    if (duplex.assigned()) duplex.close(code);
    connection_.end_exchange(id);
  }
  void on_frame_received(size_t bytes) override { exchange.bytes_received += bytes; }
  void on_frame_sent(size_t bytes) override {
    connection_.observer_->on_sent(&exchange.request, bytes);
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

Http2Connection::Http2Connection(ServerContext& context, std::unique_ptr<Stream> stream)
    : context_(context),
      stream_(std::move(stream)),
      observer_(context.handler.observe()),
      turn_end_(context.loop.turn_ends(), [this] { flush(); }),
      connection_(connection_settings(context.limits), *stream_, context.loop.clock(), turn_end_,
                  *this) {
  stream_->hand_over(*this);
  context_.rest(*this);
}

Http2Connection::~Http2Connection() {
  for (const auto& [id, stream] : streams_) {
    if (stream->duplex.assigned()) stream->duplex.close(http2::ErrorCode::kCancel);
    close_books(*stream);
  }
}

void Http2Connection::on_read(std::string_view bytes, Instant at) {
  if (connection_.receive(bytes, at)) return;
  observer_->on_malformed();
  connection_.cut();
}

http2::StreamEvents* Http2Connection::on_stream(int32_t stream) {
  disarm();
  return (streams_[stream] = std::make_unique<RequestStream>(*this, stream)).get();
}

void Http2Connection::end_head(RequestStream& stream, bool too_large) {
  Http2Exchange& exchange = stream.exchange;
  observer_->on_request(exchange.request, connection_.at());
  if (too_large) return refuse(stream, 431, kHeadTooLarge);
  stream.duplex.assign(context_.handler.open(exchange.request, stream.duplex, connection_.at()));
  if (stream.duplex.assigned()) return;
  if (exchange.announced() > context_.limits.body) {
    refuse(stream, 413, kBodyTooLarge);
  } else if (!exchange.complete && exchange.request.expects_continue()) {
    constexpr std::array<http2::Field, 1> kContinue{{{":status", "100"}}};
    connection_.inform(stream.id, kContinue);
  }
}

void Http2Connection::add_body(RequestStream& stream, std::string_view bytes) {
  connection_.consume(stream.id, bytes.size());
  if (stream.exchange.answered) return;
  std::string& body = stream.exchange.request.body;
  if (body.size() + bytes.size() > context_.limits.body) {
    refuse(stream, 413, kBodyTooLarge);
  } else {
    body.append(bytes);
  }
}

void Http2Connection::end_request(RequestStream& stream) {
  if (stream.exchange.answered) return;
  respond(stream, context_.handler.respond(stream.exchange.request, connection_.at()));
}

void Http2Connection::respond(RequestStream& stream, Reply reply) {
  stream.exchange.answered = true;
  if (reply.delivery == Delivery::kHang || reply.due > connection_.at()) {
    stream.exchange.hold(std::move(reply));
  } else {
    send(stream, std::move(reply));
  }
}

void Http2Connection::refuse(RequestStream& stream, int status, std::string_view message) {
  respond(stream, context_.handler.refuse(stream.exchange.request.path(), status, message));
}

void Http2Connection::on_due(RequestStream& stream) {
  if (stream.exchange.holds()) {
    send(stream, stream.exchange.release());
  } else {
    connection_.resume(stream.id);
  }
}

void Http2Connection::send(RequestStream& stream, Reply reply) {
  const Delivery delivery = reply.delivery;
  if (delivery == Delivery::kReset) {
    return connection_.reset(stream.id, http2::ErrorCode::kInternalError);
  }
  if (delivery == Delivery::kGarbage) return connection_.cut(reply.body());
  const ServerRequest& request = stream.exchange.request;
  const bool has_body = !request.head_only() && (reply.stream != nullptr || !reply.body().empty());
  submit(stream, reply, has_body);
  if (delivery != Delivery::kHalf) observer_->on_replied(request, reply.status);
  if (delivery == Delivery::kClose) go_away();
  if (delivery == Delivery::kCloseSilently) last_ = stream.id;
  stream.exchange.begin_body(std::move(reply));
}

void Http2Connection::submit(RequestStream& stream, const Reply& reply, bool has_body) {
  const std::vector<OwnedField> fields = fields_of(reply);
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
  close_books(*found->second);
  streams_.erase(found);
  if (stream == last_) connection_.cut();
  if (streams_.empty()) context_.rest(*this);
}

void Http2Connection::close_books(RequestStream& stream) {
  observer_->on_received(&stream.exchange.request, stream.exchange.bytes_received);
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

// The client hears of it, so that a request on its way can go elsewhere.
void Http2Connection::on_deadline() {
  go_away();
}

void Http2Connection::on_closed(int /*error*/) {
  context_.finished(*this);
}

}  // namespace perigee::http
