#include <array>
#include <utility>
#include <vector>

#include <nghttp2/nghttp2.h>

#include "engine/base/check.h"
#include "engine/http/http2/connection.h"
#include "engine/http/http2/frame_buffer.h"

namespace perigee::http2 {
namespace {

constexpr size_t kFrameHead = 9;
// Streams that a client may reset, a second and at once: as many as it can.
constexpr uint64_t kResetRate = 1'000'000'000;

std::string_view as_text(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

bool ends_stream(const nghttp2_frame& frame) {
  const bool can = frame.hd.type == NGHTTP2_HEADERS || frame.hd.type == NGHTTP2_DATA;
  return can && (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
}

// It tells the peer that what it has sent on a stream is not HTTP/2.
bool is_protocol_error(const nghttp2_frame& frame) {
  return frame.hd.type == NGHTTP2_RST_STREAM &&
         frame.rst_stream.error_code == NGHTTP2_PROTOCOL_ERROR;
}

constexpr uint8_t kLasting = NGHTTP2_NV_FLAG_NO_COPY_NAME | NGHTTP2_NV_FLAG_NO_COPY_VALUE;

nghttp2_nv as_nv(const Field& field, uint8_t flags) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(field.name), bytes(field.value), field.name.size(), field.value.size(), flags};
}

// Fields as nghttp2 takes them, without an allocation for a usual number.
class NvArray {
 public:
  explicit NvArray(std::span<const Field> fields, size_t lasting = 0) : size_(fields.size()) {
    if (size_ > usual_.size()) many_.resize(size_);
    nghttp2_nv* to = many_.empty() ? usual_.data() : many_.data();
    for (const Field& field : fields.first(lasting))
      *to++ = as_nv(field, kLasting);
    for (const Field& field : fields.subspan(lasting))
      *to++ = as_nv(field, NGHTTP2_NV_FLAG_NONE);
  }
  const nghttp2_nv* data() const { return many_.empty() ? usual_.data() : many_.data(); }
  size_t size() const { return size_; }

 private:
  static constexpr size_t kUsualFields = 32;
  std::array<nghttp2_nv, kUsualFields> usual_;
  std::vector<nghttp2_nv> many_;
  size_t size_;
};

}  // namespace

struct Connection::Callbacks {
  static Connection& self(void* user) { return *static_cast<Connection*>(user); }

  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const bool opens = frame->headers.cat == NGHTTP2_HCAT_REQUEST;
    self(user).begin_head(frame->hd.stream_id, opens);
    return 0;
  }

  static int header(nghttp2_session*, const nghttp2_frame*, const uint8_t* name, size_t name_size,
                    const uint8_t* value, size_t value_size, uint8_t, void* user) {
    Connection& connection = self(user);
    if (connection.heading_events_ != nullptr) {
      connection.block_.add(as_text(name, name_size), as_text(value, value_size));
    }
    return 0;
  }

  static int data(nghttp2_session* session, uint8_t, int32_t stream, const uint8_t* bytes,
                  size_t size, void* user) {
    Connection& connection = self(user);
    if (connection.manual_windows_) nghttp2_session_consume_connection(session, size);
    if (StreamEvents* events = connection.events_of(stream)) events->on_data(as_text(bytes, size));
    return 0;
  }

  static int received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Connection& connection = self(user);
    if (connection.reports_frames_) {
      StreamEvents* events = connection.events_of(frame->hd.stream_id);
      if (events != nullptr) events->on_frame_received(frame->hd.length + kFrameHead);
    }
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
        connection.end_head(frame->hd.stream_id, ends_stream(*frame));
        break;
      case NGHTTP2_DATA:
        if (ends_stream(*frame)) connection.end_data(frame->hd.stream_id);
        break;
      case NGHTTP2_SETTINGS:
        if ((frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) connection.on_peer_settings();
        break;
      case NGHTTP2_PING:
        if ((frame->hd.flags & NGHTTP2_FLAG_ACK) != 0) connection.events_.on_pong();
        break;
      case NGHTTP2_RST_STREAM:
        connection.reset_by_peer_ = frame->hd.stream_id;
        break;
      case NGHTTP2_GOAWAY:
        connection.events_.on_go_away(frame->goaway.last_stream_id,
                                      ErrorCode{frame->goaway.error_code},
                                      {reinterpret_cast<const char*>(frame->goaway.opaque_data),
                                       frame->goaway.opaque_data_len});
        break;
      default:
        break;
    }
    return 0;
  }

  static int closed(nghttp2_session*, int32_t stream, uint32_t code, void* user) {
    self(user).close(stream, ErrorCode{code});
    return 0;
  }

  static int sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Connection& connection = self(user);
    const int32_t stream = frame->hd.stream_id;
    if (frame->hd.type == NGHTTP2_GOAWAY) {
      connection.on_go_away_sent(ErrorCode{frame->goaway.error_code});
    } else if (is_protocol_error(*frame)) {
      connection.events_.on_peer_fault();
    }
    if (connection.reports_frames_) {
      StreamEvents* events = connection.events_of(stream);
      if (events != nullptr) events->on_frame_sent(frame->hd.length + kFrameHead);
    }
    if (ends_stream(*frame)) connection.on_end_sent(stream);
    return 0;
  }

  static int not_sent(nghttp2_session*, const nghttp2_frame* frame, int error, void* user) {
    Connection& connection = self(user);
    if (frame->hd.type != NGHTTP2_HEADERS) return 0;
    if (error == NGHTTP2_ERR_FRAME_SIZE_ERROR || error == NGHTTP2_ERR_HEADER_COMP) {
      StreamEvents* events = connection.events_of(frame->hd.stream_id);
      if (events != nullptr) events->on_head_fault(HeadFault::kNotSendable);
    } else if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) {
      connection.close(frame->hd.stream_id, ErrorCode::kRefusedStream);
    }
    return 0;
  }

  // How much of its data the next frame takes; it is copied by `send_data`, which follows at once.
  static ssize_t read_data(nghttp2_session* session, int32_t stream, uint8_t*, size_t max,
                           uint32_t* flags, nghttp2_data_source* source, void* user) {
    Connection& connection = self(user);
    if (connection.events_of(stream) == nullptr) return NGHTTP2_ERR_DEFERRED;  // it is being reset
    const DataSource::Ready ready = static_cast<DataSource*>(source->ptr)->ready();
    if (ready.bytes.empty() && !ready.last) return NGHTTP2_ERR_DEFERRED;
    connection.offered_ = ready.bytes.substr(0, max);
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (ready.last && ready.bytes.size() <= max) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if ((*flags & NGHTTP2_DATA_FLAG_EOF) != 0 && !ready.trailers.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const NvArray trailers(ready.trailers);
      nghttp2_submit_trailer(session, stream, trailers.data(), trailers.size());
    }
    return static_cast<ssize_t>(connection.offered_.size());
  }

  static int send_data(nghttp2_session*, nghttp2_frame*, const uint8_t* head, size_t size,
                       nghttp2_data_source* source, void* user) {
    Connection& connection = self(user);
    connection.out_.append(as_text(head, kFrameHead)).append(connection.offered_.substr(0, size));
    static_cast<DataSource*>(source->ptr)->taken(size);
    return connection.full() ? NGHTTP2_ERR_PAUSE : 0;
  }

  static nghttp2_data_provider provider(DataSource* data) {
    return {.source = {.ptr = data}, .read_callback = read_data};
  }
};

// A client's session begins with its preface in the buffer of frames, from where it is taken before
// another session uses that.
void Connection::start(const ConnectionSettings& settings) {
  const FrameBuffer::Use use(*frame_buffer_);
  make_session(settings);
  const uint8_t* preface = nullptr;
  const ssize_t size = nghttp2_session_mem_send(session_, &preface);
  PERIGEE_CHECK(size >= 0);
  out_.append(as_text(preface, static_cast<size_t>(size)));
}

void Connection::make_session(const ConnectionSettings& settings) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, Callbacks::begin_headers);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::header);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::data);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::received);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::closed);
  nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, Callbacks::sent);
  nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, Callbacks::not_sent);
  nghttp2_session_callbacks_set_send_data_callback(callbacks, Callbacks::send_data);
  nghttp2_option* options = nullptr;
  nghttp2_option_new(&options);
  nghttp2_option_set_no_auto_window_update(options, settings.manual_windows ? 1 : 0);
  if (role_ == Role::kServer) {
    // By default a client whose time-outs cancel more than some 30 requests a second is thrown out.
    // A request that is cancelled costs no more than one that is not.
    nghttp2_option_set_stream_reset_rate_limit(options, kResetRate, kResetRate);
  }
  if (role_ == Role::kClient) {
    nghttp2_option_set_peer_max_concurrent_streams(options, settings.expected_streams);
    nghttp2_option_set_no_closed_streams(options, 1);
  }
  FrameBuffer::Loan loan(*frame_buffer_);
  nghttp2_mem memory = loan.memory();
  const int status =
      role_ == Role::kClient
          ? nghttp2_session_client_new3(&session_, callbacks, this, options, &memory)
          : nghttp2_session_server_new3(&session_, callbacks, this, options, &memory);
  nghttp2_option_del(options);
  nghttp2_session_callbacks_del(callbacks);
  PERIGEE_CHECK(status == 0);
}

int32_t Connection::open(StreamEvents& events, std::span<const Field> head, DataSource* data,
                         size_t lasting) {
  const NvArray fields(head, lasting);
  const nghttp2_data_provider provider = Callbacks::provider(data);
  const int32_t stream = nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(),
                                                data == nullptr ? nullptr : &provider, &events);
  PERIGEE_CHECK(stream > 0);
  turn_end_.arm();
  return stream;
}

void Connection::respond(int32_t stream, std::span<const Field> head, DataSource* data) {
  const NvArray fields(head);
  const nghttp2_data_provider provider = Callbacks::provider(data);
  nghttp2_submit_response(session_, stream, fields.data(), fields.size(),
                          data == nullptr ? nullptr : &provider);
  turn_end_.arm();
}

void Connection::inform(int32_t stream, std::span<const Field> head) {
  const NvArray fields(head);
  nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, stream, nullptr, fields.data(), fields.size(),
                         nullptr);
  turn_end_.arm();
}

void Connection::begin_head(int32_t stream, bool opens) {
  if (opens && role_ == Role::kServer) accept(stream);
  block_.clear();
  heading_ = stream;
  heading_events_ = events_of(stream);
  if (heading_events_ != nullptr) heading_events_->on_head_begins();
}

void Connection::accept(int32_t stream) {
  StreamEvents* const events = events_.on_stream(stream);
  nghttp2_session_set_stream_user_data(session_, stream, events);
  if (events == nullptr) reset(stream, ErrorCode::kRefusedStream);
}

void Connection::end_head(int32_t stream, bool ends) {
  StreamEvents* const events = std::exchange(heading_events_, nullptr);
  if (events == nullptr) return;
  if (block_.is_head()) {
    events->on_head(block_, ends);
  } else {
    events->on_trailers(block_);
  }
  if (ends) end_data(stream);
}

void Connection::end_data(int32_t stream) {
  if (StreamEvents* events = events_of(stream)) events->on_end();
}

void Connection::on_peer_settings() {
  peer_max_streams_ =
      nghttp2_session_get_remote_settings(session_, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
  events_.on_settings();
}

void Connection::on_go_away_sent(ErrorCode code) {
  go_away_code_ = code;
  if (code != ErrorCode::kNoError) events_.on_peer_fault();
}

void Connection::on_end_sent(int32_t stream) {
  leaving_.push_back(stream);
  // A client that still sends when it has its response is told that nobody listens.
  const bool abandons =
      role_ == Role::kServer && nghttp2_session_get_stream_remote_close(session_, stream) == 0;
  if (abandons) reset(stream, ErrorCode::kNoError);
}

void Connection::close(int32_t stream, ErrorCode code) {
  StreamEvents* const events = events_of(stream);
  if (events == nullptr) return;
  forget(stream);
  events->on_closed(code);
}

}  // namespace perigee::http2
