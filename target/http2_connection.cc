#include "target/http2_connection.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nghttp2/nghttp2.h>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "target/answer/error_body.h"

namespace perigee {
namespace {

constexpr uint32_t kMostStreams = 250;  // at a time, as Go's server allows
// Bodies are kept as they come, so windows hold nobody back.
constexpr uint32_t kStreamWindow = 4 << 20;
constexpr int32_t kConnectionWindow = 1 << 30;
constexpr size_t kFrameHead = 9;
constexpr size_t kBatch = 128 * 1024;
// A buffer that has grown beyond this is given back.
constexpr size_t kKeptBuffer = 64 * 1024;

std::string_view as_text(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

std::string lower(std::string_view name) {
  std::string text(name);
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return text;
}

using Field = std::pair<std::string, std::string>;

std::vector<Field> fields_of(const Answer& answer) {
  std::vector<Field> fields{{":status", std::to_string(answer.status)}};
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

nghttp2_nv as_nv(const Field& field) {
  const auto bytes = [](const std::string& text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(field.first), bytes(field.second), field.first.size(), field.second.size(),
          NGHTTP2_NV_FLAG_NONE};
}

bool ends_stream(const nghttp2_frame& frame) {
  const bool can = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
  return can && (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

// Whether it tells the client that what it has sent is not HTTP/2.
bool complains(const nghttp2_frame& frame) {
  if (frame.hd.type == NGHTTP2_GOAWAY) return frame.goaway.error_code != NGHTTP2_NO_ERROR;
  return frame.hd.type == NGHTTP2_RST_STREAM &&
         frame.rst_stream.error_code == NGHTTP2_PROTOCOL_ERROR;
}

}  // namespace

struct Http2Connection::Callbacks {
  static Http2Connection& self(void* user) { return *static_cast<Http2Connection*>(user); }

  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) self(user).begin_exchange(frame->hd.stream_id);
    return 0;
  }

  static int header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name,
                    size_t name_size, const uint8_t* value, size_t value_size, uint8_t,
                    void* user) {
    if (Http2Exchange* exchange = self(user).exchange(frame->hd.stream_id))
      exchange->add_field(as_text(name, name_size), as_text(value, value_size));
    return 0;
  }

  static int data(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* bytes, size_t size,
                  void* user) {
    Http2Connection& connection = self(user);
    Http2Exchange* exchange = connection.exchange(stream);
    if (exchange == nullptr || exchange->answered) return 0;
    if (!exchange->add_body(as_text(bytes, size)))
      connection.refuse(stream, *exchange, 413, kBodyTooLarge);
    return 0;
  }

  static int received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Connection& connection = self(user);
    Http2Exchange* exchange = connection.exchange(frame->hd.stream_id);
    if (exchange == nullptr) return 0;
    exchange->bytes_received += frame->hd.length + kFrameHead;
    exchange->complete = exchange->complete || ends_stream(*frame);
    const bool head = frame->hd.type == NGHTTP2_HEADERS && !exchange->has_head();
    if (head) connection.end_head(frame->hd.stream_id, *exchange);
    if (ends_stream(*frame)) connection.end_request(frame->hd.stream_id, *exchange);
    return 0;
  }

  static int closed(nghttp2_session*, int32_t stream, uint32_t, void* user) {
    self(user).end_exchange(stream);
    return 0;
  }

  // A client that still sends when it has its answer is told that nobody listens.
  static int sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Connection& connection = self(user);
    const int32_t stream = frame->hd.stream_id;
    if (complains(*frame)) connection.arrivals_.malformed();
    const Http2Exchange* exchange = connection.exchange(stream);
    if (exchange == nullptr) return 0;
    if (ArrivalCount::counts(exchange->request.route().id))
      connection.context_.stats.sent(frame->hd.length + kFrameHead);
    if (ends_stream(*frame) && !exchange->complete) connection.reset(stream, NGHTTP2_NO_ERROR);
    return 0;
  }

  // How much of a body the next frame takes; it is copied by `send_data`.
  static ssize_t read_body(nghttp2_session*, int32_t stream, uint8_t*, size_t most, uint32_t* flags,
                           nghttp2_data_source*, void* user) {
    Http2Connection& connection = self(user);
    Http2Exchange* exchange = connection.exchange(stream);
    if (exchange == nullptr) return NGHTTP2_ERR_DEFERRED;
    if (exchange->breaks_off()) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // resets the stream
    const auto [rest, last] = exchange->ready(connection.context_.loop.now());
    if (rest.empty() && !last) return NGHTTP2_ERR_DEFERRED;
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (last && rest.size() <= most) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(std::min(most, rest.size()));
  }

  static int send_data(nghttp2_session*, nghttp2_frame* frame, const uint8_t* head, size_t size,
                       nghttp2_data_source*, void* user) {
    Http2Connection& connection = self(user);
    Http2Exchange* exchange = connection.exchange(frame->hd.stream_id);
    if (exchange == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    connection.out_.append(as_text(head, kFrameHead)).append(exchange->unsent().substr(0, size));
    exchange->sent(size);
    return connection.full() ? NGHTTP2_ERR_PAUSE : 0;
  }
};

Http2Connection::Http2Connection(ConnectionContext& context, std::unique_ptr<Stream> stream)
    : context_(context),
      stream_(std::move(stream)),
      arrivals_(context.stats),
      turn_end_(context.loop.turn_ends(), [this] { flush(); }) {
  stream_->hand_over(*this);
  open();
  turn_end_.arm();
}

Http2Connection::~Http2Connection() {
  for (const auto& [stream, exchange] : exchanges_)
    close_books(*exchange);
  nghttp2_session_del(session_);
}

void Http2Connection::open() {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Callbacks::begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::received);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::closed);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, Callbacks::sent);
  nghttp2_session_callbacks_set_send_data_callback(callbacks, Callbacks::send_data);
  const int status = nghttp2_session_server_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  PERIGEE_CHECK(status == 0);
  const std::array<nghttp2_settings_entry, 3> entries{{
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, kMostStreams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits::kRequestHead},
  }};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
}

void Http2Connection::on_read(std::string_view bytes, Instant at) {
  read_at_ = at;
  const ssize_t taken = nghttp2_session_mem_recv(
      session_, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (taken < 0) {
    arrivals_.malformed();
    cut_ = true;
  }
  turn_end_.arm();
}

Http2Exchange* Http2Connection::exchange(int32_t stream) const {
  const auto found = exchanges_.find(stream);
  return found == exchanges_.end() ? nullptr : found->second.get();
}

void Http2Connection::begin_exchange(int32_t stream) {
  exchanges_[stream] =
      std::make_unique<Http2Exchange>(context_.loop.timers(), [this, stream] { on_due(stream); });
}

void Http2Connection::end_head(int32_t stream, Http2Exchange& exchange) {
  exchange.end_head();
  arrivals_.arrived(exchange.request.route().id, read_at_);
  if (exchange.head_too_large()) {
    refuse(stream, exchange, 431, kHeadTooLarge);
  } else if (exchange.announces_too_much()) {
    refuse(stream, exchange, 413, kBodyTooLarge);
  } else if (!exchange.complete && exchange.request.expects_continue()) {
    offer_continue(stream);
  }
}

void Http2Connection::offer_continue(int32_t stream) {
  const Field field{":status", "100"};
  const nghttp2_nv head = as_nv(field);
  nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream, nullptr, &head, 1, nullptr);
}

void Http2Connection::end_request(int32_t stream, Http2Exchange& exchange) {
  if (exchange.answered) return;
  respond(stream, exchange, context_.respond(exchange.request, read_at_));
}

void Http2Connection::respond(int32_t stream, Http2Exchange& exchange, Answer answer) {
  exchange.answered = true;
  if (answer.delivery == Delivery::kHang || answer.due > read_at_) {
    exchange.hold(std::move(answer));
  } else {
    send(stream, exchange, std::move(answer));
  }
}

void Http2Connection::refuse(int32_t stream, Http2Exchange& exchange, int status,
                             std::string_view message) {
  respond(stream, exchange, error_for_path(exchange.request.path(), status, message));
}

void Http2Connection::on_due(int32_t stream) {
  Http2Exchange* waiting = exchange(stream);
  if (waiting->holds()) {
    send(stream, *waiting, waiting->release());
  } else {
    nghttp2_session_resume_data(session_, stream);
  }
  turn_end_.arm();
}

void Http2Connection::send(int32_t stream, Http2Exchange& exchange, Answer answer) {
  const Delivery delivery = answer.delivery;
  if (delivery == Delivery::kReset) return reset(stream, NGHTTP2_INTERNAL_ERROR);
  if (delivery == Delivery::kGarbage) {
    out_.append(answer.body());
    cut_ = true;
    return;
  }
  const bool has_body =
      !exchange.request.head_only() && (answer.stream != nullptr || !answer.body().empty());
  submit(stream, answer, has_body);
  const bool counts = ArrivalCount::counts(exchange.request.route().id);
  if (counts && delivery != Delivery::kHalf) context_.stats.answered(answer.status);
  if (delivery == Delivery::kClose) go_away();
  if (delivery == Delivery::kCloseSilently) last_ = stream;
  exchange.begin_body(std::move(answer));
}

void Http2Connection::submit(int32_t stream, const Answer& answer, bool has_body) {
  const std::vector<Field> fields = fields_of(answer);
  std::vector<nghttp2_nv> head(fields.size());
  std::transform(fields.begin(), fields.end(), head.begin(), as_nv);
  const nghttp2_data_provider body{.source = {}, .read_callback = Callbacks::read_body};
  nghttp2_submit_response(session_, stream, head.data(), head.size(), has_body ? &body : nullptr);
}

void Http2Connection::reset(int32_t stream, uint32_t code) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, code);
}

void Http2Connection::go_away() {
  leaving_ = true;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE,
                        nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                        nullptr, 0);
}

void Http2Connection::end_exchange(int32_t stream) {
  const auto found = exchanges_.find(stream);
  if (found == exchanges_.end()) return;
  close_books(*found->second);
  exchanges_.erase(found);
  if (stream == last_) cut_ = true;
}

void Http2Connection::close_books(const Http2Exchange& exchange) {
  if (ArrivalCount::counts(exchange.request.route().id))
    context_.stats.received(exchange.bytes_received);
}

bool Http2Connection::full() const {
  return out_.size() >= kBatch;
}

void Http2Connection::fill() {
  while (!full() && !cut_) {
    const uint8_t* bytes = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &bytes);
    PERIGEE_CHECK(size >= 0);
    if (size == 0) return;
    out_.append(as_text(bytes, static_cast<size_t>(size)));
  }
}

void Http2Connection::flush() {
  while (!sending_) {
    fill();
    if (out_.empty()) break;
    sending_ = !stream_->write(out_, {});
    if (!sending_) out_.clear();
  }
  if (sending_) return;
  if (out_.capacity() > kKeptBuffer) out_.shrink_to_fit();
  if (over()) context_.finished(*this);
}

bool Http2Connection::over() const {
  return cut_ || (leaving_ && exchanges_.empty()) ||
         (nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0);
}

void Http2Connection::on_sent() {
  sending_ = false;
  out_.clear();
  turn_end_.arm();
}

void Http2Connection::on_closed(int /*error*/) {
  context_.finished(*this);
}

}  // namespace perigee
