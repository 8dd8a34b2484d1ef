#include "engine/http/server/http1_connection.h"

#include <chrono>
#include <iterator>
#include <utility>

#include <fmt/format.h>

namespace perigee::http {
namespace {

// Up to this size a body is copied behind its head; beyond, it is sent from where it lies.
constexpr size_t kSmallBody = 16 * 1024;
// Replies of this many bytes in all are sent before the next pipelined request is looked at.
constexpr size_t kBatch = 64 * 1024;
constexpr size_t kMostBacklog = 256 * 1024;
// Buffers that one large request has grown beyond this are given back.
constexpr size_t kKeptBuffer = 64 * 1024;
// A client that is refused in mid-request may go on sending: closing at once would reset the
// connection and take the reply from it.
constexpr std::chrono::seconds kDrainTime{1};

void recycle(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > kKeptBuffer) buffer.shrink_to_fit();
}

}  // namespace

Http1Connection::Http1Connection(ServerContext& context, std::unique_ptr<Stream> stream)
    : context_(context),
      observer_(context.handler.observe()),
      parser_(Http1Parser::Role::kServer, *this, context.limits.head),
      stream_(std::move(stream)),
      timer_(context.loop.timers(), [this] { on_timer(); }) {
  stream_->hand_over(*this);
  context_.rest(*this);
}

Http1Connection::~Http1Connection() {
  observer_->on_received(known_request(), message_bytes_);
}

void Http1Connection::on_read(std::string_view bytes, Instant at) {
  if (draining_) return;
  read_at_ = at;
  if (busy()) {
    hold(bytes);
  } else {
    consume(bytes);
  }
}

void Http1Connection::consume(std::string_view bytes) {
  do {
    while (!bytes.empty() && !busy() && large_.body().empty() && out_.size() < kBatch)
      parse(bytes);
    // Another protocol has taken it over.
    if (stream_ == nullptr) {
      upgraded_->receive(bytes, read_at_);
      return;
    }
    if (ending_ == Ending::kAtOnce) {
      finish();
      return;
    }
    if (!flush()) return;
  } while (!bytes.empty() && !busy());
  if (!bytes.empty()) {
    hold(bytes);
  } else if (client_ended_ && !busy()) {
    finish();
  }
}

void Http1Connection::parse(std::string_view& bytes) {
  const size_t taken = parser_.feed(bytes);
  bytes.remove_prefix(taken);
  message_bytes_ += taken;
  if (refusal_ != 0 || !parser_.error().empty()) {
    bytes = {};
    refuse();
  } else if (complete_) {
    respond();
  } else if (wants_continue_) {
    offer_continue();
  }
}

void Http1Connection::hold(std::string_view bytes) {
  // Nothing comes behind a reply that never comes, and reading on shows when the client has left.
  if (hangs()) return;
  backlog_.append(bytes);
  if (backlog_.size() < kMostBacklog || paused_) return;
  paused_ = true;
  stream_->pause_reading();
}

void Http1Connection::resume() {
  if (std::exchange(paused_, false)) stream_->resume_reading();
  const std::string bytes = std::exchange(backlog_, {});
  consume(bytes);
}

void Http1Connection::on_head(const Http1Head& head) {
  request_.assign(head, true);
  head_seen_ = true;
  observer_->on_request(request_, read_at_);
  if (head.minor_version >= 1 && !request_.has_field("Host")) {
    refuse_later(400, "the request has no Host header");
  } else if (head.content_length.value_or(0) > context_.limits.body) {
    refuse_later(413, kBodyTooLarge);
  } else if (head.chunked || head.content_length.value_or(0) > 0) {
    wants_continue_ = !request_.http10() && request_.expects_continue();
  }
}

void Http1Connection::on_body(std::string_view bytes) {
  wants_continue_ = false;
  if (refusal_ != 0) return;
  if (request_.body.size() + bytes.size() > context_.limits.body) {
    refuse_later(413, kBodyTooLarge);
    return;
  }
  request_.body.append(bytes);
}

void Http1Connection::offer_continue() {
  wants_continue_ = false;
  out_ += "HTTP/1.1 100 Continue\r\n\r\n";
}

void Http1Connection::refuse_later(int status, std::string_view message) {
  refusal_ = status;
  refusal_text_ = message;
}

void Http1Connection::refuse() {
  if (refusal_ == 0 && !head_seen_) observer_->on_malformed();
  const bool endless = !head_seen_ && message_bytes_ > context_.limits.head;
  // Without its head nothing is known of the request; what `request_` holds is an earlier one.
  const std::string_view path = head_seen_ ? request_.path() : std::string_view();
  const Reply reply = refusal_ != 0 ? context_.handler.refuse(path, refusal_, refusal_text_)
                      : endless
                          ? context_.handler.refuse(path, 431, kHeadTooLarge)
                          : context_.handler.refuse(path, 400, "not HTTP/1.1: " + parser_.error());
  ending_ = Ending::kDrain;
  const bool head_only = head_seen_ && request_.head_only();
  encode(reply, {.head_only = head_only, .close = true, .http10 = false});
  if (head_seen_) observer_->on_replied(request_, reply.status);
  end_request();
}

void Http1Connection::upgrade(Reply reply) {
  encode(reply, {.head_only = true, .close = false, .http10 = false});
  observer_->on_replied(request_, reply.status);
  end_request();
  disarm();
  // A client that has not even read its earlier replies is none that asks for another protocol.
  if (!stream_->write(out_, {})) {
    ending_ = Ending::kAtOnce;
    return;
  }
  recycle(out_);
  upgraded_ = reply.upgrade(std::move(stream_), [this] { finish(); });
}

void Http1Connection::respond() {
  disarm();
  Reply reply = context_.handler.respond(request_, read_at_);
  if (reply.upgrade) return upgrade(std::move(reply));
  waiting_ = reply.delivery == Delivery::kHang || reply.due > read_at_;
  if (!waiting_) {
    send(std::move(reply));
    return;
  }
  later_ = std::move(reply);
  if (!hangs()) timer_.start(later_.due);
}

void Http1Connection::send(Reply reply) {
  if (reply.stream != nullptr && !request_.head_only()) return begin_stream(std::move(reply));
  const Delivery delivery = reply.delivery;
  const bool closes = delivery == Delivery::kClose || !request_.keep_alive();
  if (delivery == Delivery::kReset) {
    stream_->reset_on_close();
    ending_ = Ending::kAtOnce;
  } else {
    const bool ends = closes || delivery != Delivery::kKeep;
    ending_ = ends ? Ending::kAfterSend : Ending::kNone;
    const Framing framing{request_.head_only(), closes, request_.http10()};
    encode(reply, framing);
    const bool whole = delivery != Delivery::kHalf && delivery != Delivery::kGarbage;
    if (whole) observer_->on_replied(request_, reply.status);
    if (!framing.head_only && whole && reply.body().size() > kSmallBody) large_ = std::move(reply);
  }
  end_request();
}

// Without chunks the end of the connection is the end of the body.
void Http1Connection::begin_stream(Reply reply) {
  const size_t before = out_.size();
  append_head(out_, reply,
              {.head_only = false,
               .close = request_.http10() || !request_.keep_alive(),
               .http10 = false,
               .chunked = !request_.http10()});
  observer_->on_sent(&request_, out_.size() - before);
  observer_->on_replied(request_, reply.status);
  body_ = std::move(reply.stream);
  waiting_ = true;
  timer_.start(body_->due());
}

void Http1Connection::send_pieces() {
  const Instant now = context_.loop.now();
  while (!body_->over() && body_->due() <= now && out_.size() < kBatch)
    append_piece(now);
  if (body_->over()) return end_stream();
  timer_.start(body_->due());
  flush();
}

void Http1Connection::append_piece(Instant now) {
  piece_.clear();
  body_->take(piece_, now);
  const size_t before = out_.size();
  if (!request_.http10()) fmt::format_to(std::back_inserter(out_), "{:x}\r\n", piece_.size());
  out_ += piece_;
  if (!request_.http10()) out_ += "\r\n";
  observer_->on_sent(&request_, out_.size() - before);
}

void Http1Connection::end_stream() {
  const std::string trailers(body_->trailers());
  body_.reset();
  waiting_ = false;
  if (request_.http10()) {
    ending_ = Ending::kAfterSend;
  } else {
    const size_t before = out_.size();
    out_.append("0\r\n").append(trailers).append("\r\n");
    observer_->on_sent(&request_, out_.size() - before);
    if (!request_.keep_alive()) ending_ = Ending::kAfterSend;
  }
  end_request();
  resume();
}

void Http1Connection::encode(const Reply& reply, const Framing& framing) {
  const size_t before = out_.size();
  const std::string_view body = reply.body();
  size_t by_reference = 0;
  if (reply.delivery == Delivery::kGarbage) {
    out_.append(body);
  } else {
    append_head(out_, reply, framing);
    if (reply.delivery == Delivery::kHalf) {
      out_.append(body.substr(0, body.size() / 2));
    } else if (!framing.head_only && body.size() <= kSmallBody) {
      out_.append(body);
    } else if (!framing.head_only) {
      by_reference = body.size();
    }
  }
  observer_->on_sent(known_request(), out_.size() - before + by_reference);
}

void Http1Connection::end_request() {
  observer_->on_received(known_request(), message_bytes_);
  message_bytes_ = 0;
  head_seen_ = complete_ = wants_continue_ = false;
  refusal_ = 0;
  recycle(request_.body);
  context_.rest(*this);
}

// False if the connection is gone.
bool Http1Connection::flush() {
  if (sending_ || out_.empty()) return true;
  if (!stream_->write(out_, large_.body())) {
    sending_ = true;
    return true;
  }
  return after_send();
}

bool Http1Connection::after_send() {
  recycle(out_);
  if (!large_.body().empty()) large_ = {};
  if (ending_ == Ending::kAfterSend || (ending_ == Ending::kDrain && client_ended_)) {
    finish();
    return false;
  }
  if (ending_ == Ending::kDrain) {
    draining_ = true;
    timer_.start(context_.loop.now() + kDrainTime);
  }
  return true;
}

void Http1Connection::on_sent() {
  sending_ = false;
  if (!after_send() || draining_) return;
  if (!waiting_) {
    resume();
  } else if (!hangs() && !timer_.armed()) {
    on_timer();
  }
}

void Http1Connection::on_timer() {
  if (draining_) {
    finish();
    return;
  }
  if (sending_) return;  // something earlier is still on its way; `on_sent` comes back here
  if (body_ != nullptr) return send_pieces();
  waiting_ = false;
  send(std::exchange(later_, {}));
  resume();
}

// A reply that is on its way, or waits for its instant, is no idleness.
void Http1Connection::on_deadline() {
  if (busy() && !draining_) return context_.rest(*this);
  finish();
}

// A client that has closed only its own side still reads: it gets the replies to what it has sent.
// One that has left altogether makes their sending fail.
void Http1Connection::on_closed(int error) {
  client_ended_ = true;
  const bool replies = sending_ || (waiting_ && !hangs());
  if (error != 0 || draining_ || !replies) finish();
}

void Http1Connection::finish() {
  context_.finished(*this);
}

}  // namespace perigee::http
