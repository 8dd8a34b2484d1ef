#include <algorithm>
#include <array>
#include <vector>

#include <nghttp2/nghttp2.h>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/http/exchange.h"
#include "engine/http/http2_session.h"

namespace perigee::http {
namespace {

// Answers are taken as they come, so that nothing piles up behind a large window: the connection's
// never holds anything back, and one stream's fills a link of 3 Gbit/s at 10 ms. It is the one of
// k6 (of Go), for a server to see the same client.
constexpr int32_t kConnectionWindow = 1 << 30;
constexpr uint32_t kStreamWindow = 4 << 20;

std::string_view as_text(const uint8_t* bytes, size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

nghttp2_nv as_field(const Header& header) {
  const auto bytes = [](std::string_view text) {
    return reinterpret_cast<uint8_t*>(const_cast<char*>(text.data()));
  };
  return {bytes(header.name), bytes(header.value), header.name.size(), header.value.size(),
          NGHTTP2_NV_FLAG_NONE};
}

}  // namespace

struct Http2Session::Callbacks {
  static Http2Session& self(void* user) { return *static_cast<Http2Session*>(user); }

  static int begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    self(user).begin_head(frame->hd.stream_id);
    return 0;
  }

  static int header(nghttp2_session*, const nghttp2_frame*, const uint8_t* name, size_t name_size,
                    const uint8_t* value, size_t value_size, uint8_t, void* user) {
    self(user).add_field(as_text(name, name_size), as_text(value, value_size));
    return 0;
  }

  static int data(nghttp2_session*, uint8_t, int32_t stream, const uint8_t* bytes, size_t size,
                  void* user) {
    Http2Session& session = self(user);
    if (const Carried* carried = session.carried(stream)) {
      carried->exchange->on_body(as_text(bytes, size), session.at_);
    }
    return 0;
  }

  static int received(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    Http2Session& session = self(user);
    const bool ends_stream = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    switch (frame->hd.type) {
      case NGHTTP2_HEADERS:
        session.end_head(frame->hd.stream_id);
        if (ends_stream) session.end_answer(frame->hd.stream_id);
        break;
      case NGHTTP2_DATA:
        if (ends_stream) session.end_answer(frame->hd.stream_id);
        break;
      case NGHTTP2_SETTINGS:
        session.on_peer_settings();
        break;
      case NGHTTP2_GOAWAY:
        session.on_going_away(frame->goaway.last_stream_id, frame->goaway.error_code);
        break;
      default:
        break;
    }
    return 0;
  }

  static int closed(nghttp2_session*, int32_t stream, uint32_t code, void* user) {
    self(user).close_stream(stream, code);
    return 0;
  }

  static int sent(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    const uint8_t type = frame->hd.type;
    if (type == NGHTTP2_GOAWAY) self(user).complaint_ = frame->goaway.error_code;
    const bool of_request = type == NGHTTP2_HEADERS || type == NGHTTP2_DATA;
    if (of_request && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      self(user).leaving_.push_back(frame->hd.stream_id);
    }
    return 0;
  }

  static int not_sent(nghttp2_session*, const nghttp2_frame* frame, int error, void* user) {
    Http2Session& session = self(user);
    if (frame->hd.type != NGHTTP2_HEADERS) return 0;
    if (error == NGHTTP2_ERR_FRAME_SIZE_ERROR || error == NGHTTP2_ERR_HEADER_COMP) {
      session.refuse(frame->hd.stream_id, "the request's headers are too large for HTTP/2");
    } else {
      session.close_stream(frame->hd.stream_id, NGHTTP2_REFUSED_STREAM);
    }
    return 0;
  }

  // Whether nothing of the body comes after the piece at hand. Where its length was told the end
  // goes with the last piece: a frame of its own might have no window.
  static bool ends(const Carried& carried) {
    return !carried.source || carried.body.empty() || carried.source->whole();
  }

  // How much of a body the next frame takes; it is copied by `send_data`.
  static ssize_t read_body(nghttp2_session*, int32_t stream, uint8_t*, size_t most, uint32_t* flags,
                           nghttp2_data_source*, void* user) {
    Carried* carried = self(user).carried(stream);
    if (carried == nullptr) return NGHTTP2_ERR_DEFERRED;  // it is being reset
    const bool at_end = carried->body.empty() && carried->source;
    if (at_end && !self(user).next_piece(*carried)) return NGHTTP2_ERR_DEFERRED;
    *flags |= NGHTTP2_DATA_FLAG_NO_COPY;
    if (carried->body.size() <= most && ends(*carried)) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(std::min(most, carried->body.size()));
  }

  static int send_data(nghttp2_session*, nghttp2_frame* frame, const uint8_t* head, size_t size,
                       nghttp2_data_source*, void* user) {
    constexpr size_t kFrameHead = 9;
    Http2Session& session = self(user);
    Carried* carried = session.carried(frame->hd.stream_id);
    if (carried == nullptr) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    session.out_.append(as_text(head, kFrameHead)).append(carried->body.substr(0, size));
    carried->body.remove_prefix(size);
    // A source that has more than it told is an error, as it is over HTTP/1.1.
    if (carried->body.empty() && carried->source && carried->source->whole()) {
      session.next_piece(*carried);
    }
    return session.full() ? NGHTTP2_ERR_PAUSE : 0;
  }
};

void Http2Session::open(const Http2Settings& settings) {
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
  nghttp2_option_set_peer_max_concurrent_streams(options, settings.expected_streams);
  nghttp2_option_set_no_closed_streams(options, 1);
  const int status = nghttp2_session_client_new2(&session_, callbacks, this, options);
  nghttp2_option_del(options);
  nghttp2_session_callbacks_del(callbacks);
  PERIGEE_CHECK(status == 0);
  const std::array<nghttp2_settings_entry, 3> entries{{
      {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits::kResponseHead},
  }};
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, entries.data(), entries.size());
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
}

void Http2Session::set_window(const Exchange& exchange, int32_t size) {
  const Carried& carried = *carried_[exchange.slot()];
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, carried.stream, size);
  turn_end_.arm();
}

void Http2Session::pause(Exchange& exchange) {
  set_window(exchange, 0);
}

void Http2Session::resume(Exchange& exchange) {
  set_window(exchange, kStreamWindow);
}

void Http2Session::open_stream(Carried& carried, std::span<const Header> fields) {
  constexpr size_t kUsualFields = 32;
  std::array<nghttp2_nv, kUsualFields> usual;
  std::vector<nghttp2_nv> many;
  nghttp2_nv* block = usual.data();
  if (fields.size() > usual.size()) {
    many.resize(fields.size());
    block = many.data();
  }
  std::transform(fields.begin(), fields.end(), block, as_field);
  const nghttp2_data_provider body{.source = {}, .read_callback = Callbacks::read_body};
  const bool no_body = carried.body.empty() && (!carried.source || carried.source->whole());
  carried.stream = nghttp2_submit_request(session_, nullptr, block, fields.size(),
                                          no_body ? nullptr : &body, &carried);
  PERIGEE_CHECK(carried.stream > 0);
}

}  // namespace perigee::http
