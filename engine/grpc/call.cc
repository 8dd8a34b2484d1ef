#include "engine/grpc/call.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/duration.h"
#include "engine/base/limits.h"
#include "engine/grpc/channel.h"
#include "engine/grpc/connection.h"
#include "engine/grpc/limits.h"
#include "engine/grpc/metadata.h"
#include "engine/grpc/response_fields.h"
#include "engine/grpc/time_limit.h"
#include "engine/http/content_coding.h"
#include "engine/http/header_fields.h"
#include "engine/http/http2/connection.h"

namespace perigee::grpc {
namespace {

// A stream that has waited for its windows keeps no more memory than this.
constexpr size_t kKeptBuffer = 64 * 1024;
// What a stream has sent is kept for another connection until the response begins, up to here.
constexpr size_t kReplayed = 16 * 1024;

bool is_grpc(std::string_view content_type) {
  constexpr std::string_view kType = "application/grpc";
  if (content_type == kType) return true;
  if (!http::same_ignoring_case(content_type.substr(0, kType.size()), kType)) return false;
  content_type.remove_prefix(kType.size());
  return content_type.empty() || content_type[0] == '+' || content_type[0] == ';';
}

std::string http2_reason(http2::ErrorCode code, bool by_server) {
  return fmt::format("{} (HTTP/2 error code {})",
                     by_server ? "the stream was reset by the server"
                               : "the response breaks HTTP/2, and its stream has been reset",
                     static_cast<uint32_t>(code));
}

}  // namespace

Call::Call(CallEvents& events) : events_(events), reader_(limits::kGrpcMessage) {}

Call::~Call() {
  cancel();
}

void Call::begin(Channel& channel, const CallRequest& request) {
  channel_ = &channel;
  loop_ = &channel.loop();
  request_ = request;
  path_ = request.path;
  request_.path = path_;
  state_ = State::kPreparing;
  out_.clear();
  if (out_.capacity() > kKeptBuffer) out_.shrink_to_fit();
  taken_ = 0;
  replayable_ = true;
  closed_ = opened_ = responded_ = trailers_only_ = false;
  reader_.reset(channel.settings().max_receive);
  headers_.clear();
  trailers_.clear();
  messages_sent_ = messages_received_ = 0;
  end_ = {};
}

std::string& Call::begin_message() {
  frame_begin_ = out_.size();
  append_frame_head(out_, 0, request_.compresses);
  return out_;
}

void Call::end_message() {
  const size_t begin = frame_begin_ + kFrameHead;
  if (request_.compresses) {
    constexpr http::ContentCoding kCodings[] = {http::ContentCoding::kGzip};
    const std::string packed = http::encode_body(kCodings, std::string_view(out_).substr(begin));
    out_.replace(begin, std::string::npos, packed);
  }
  const size_t size = out_.size() - begin;
  if (size > channel_->settings().max_send) {
    drop_message();
    return end_soon({Code::kResourceExhausted,
                     fmt::format("the message has {} bytes, more than maxSendSize ({})", size,
                                 channel_->settings().max_send)});
  }
  set_frame_size(out_, frame_begin_);
  ++messages_sent_;
  if (state_ == State::kOpen) connection_->http2().resume(stream_);
}

void Call::close_send() {
  closed_ = true;
  if (state_ == State::kOpen) connection_->http2().resume(stream_);
}

void Call::start(Instant now) {
  end_.started = now;
  if (state_ == State::kEnding) return;
  if (request_.timeout > Duration::zero()) channel_->deadlines().arm(*this, request_.timeout, now);
  state_ = State::kQueued;
  channel_->submit(*this, now);
}

void Call::open(Connection& connection, Instant now, Duration connecting,
                Duration tls_handshaking) {
  connection_ = &connection;
  state_ = State::kOpen;
  opened_ = true;
  opened_at_ = now;
  opened_before_flush_ = connection.flushes();
  sent_at_ = first_byte_at_ = {};
  end_.remote = connection.peer();
  end_.timings.blocked = now - end_.started;
  end_.timings.connecting += connecting;
  end_.timings.tls_handshaking += tls_handshaking;
  const size_t lasting = Channel::lasting_fields(names_user_agent());
  stream_ = connection.http2().open(*this, fields(now), this, lasting);
}

bool Call::names_user_agent() const {
  return std::any_of(request_.metadata.begin(), request_.metadata.end(),
                     [](const auto& field) { return field.first == "user-agent"; });
}

std::span<const http2::Field> Call::fields(Instant now) {
  std::vector<http2::Field>& fields = channel_->begin_head(path_, names_user_agent());
  if (request_.timeout > Duration::zero()) {
    fields.push_back({"grpc-timeout", channel_->time_limit(end_.started + request_.timeout - now)});
  }
  if (request_.compresses) fields.push_back({"grpc-encoding", "gzip"});
  for (const auto& [name, value] : request_.metadata)
    fields.push_back({name, value});
  return fields;
}

bool Call::cancel() {
  if (state_ == State::kEnded) return false;
  const bool was_sent = sent();
  if (state_ != State::kPreparing) leave(http2::ErrorCode::kCancel);
  state_ = State::kEnded;
  disarm();
  return was_sent;
}

// What is cancelled in the turn that opened it never leaves.
bool Call::sent() const {
  return opened_ && connection_ != nullptr && connection_->flushes() != opened_before_flush_;
}

void Call::end_soon(Status status) {
  if (state_ != State::kPreparing) leave(http2::ErrorCode::kCancel);
  disarm();
  end_.status = std::move(status);
  state_ = State::kEnding;
  channel_->deliver_soon(*this);
}

void Call::deliver(Instant at) {
  finish(std::move(end_.status), at);
}

void Call::pause() {
  if (state_ == State::kOpen) connection_->http2().set_window(stream_, 0);
}

void Call::resume() {
  if (state_ == State::kOpen) connection_->http2().set_window(stream_, connection_->window());
}

void Call::on_lost(const Status& status, Instant at) {
  std::exchange(connection_, nullptr)->http2().forget(stream_);
  finish(status, at);
}

void Call::on_unreachable(Status status, Duration pause, Instant at) {
  if (pause == Duration::zero()) return finish(std::move(status), at);
  end_.status = std::move(status);
  state_ = State::kPaused;
  disarm();
  channel_->deadlines().arm(*this, pause, at);
}

void Call::on_head_begins() {
  responded_ = true;
  if (first_byte_at_ == Instant{}) first_byte_at_ = connection_->http2().at();
}

void Call::on_head(const http2::FieldBlock& head, bool ends) {
  if (head.status() >= 100 && head.status() < 200) return;
  headers_ = head.text();
  trailers_only_ = ends;
  if (head.truncated()) {
    return fail({Code::kInternal, fmt::format("the response's head is larger than {} bytes",
                                              limits::kResponseHead)});
  }
  const ResponseFields fields = read_response_fields(headers_);
  if (!fields.status) {
    Status fault = head_fault(head.status(), fields.content_type);
    if (!fault.ok()) return fail(std::move(fault));
  }
  decoder_.begin(fields.encoding);
  if (!ends) events_.on_head();
}

Status Call::head_fault(int status, std::string_view type) {
  if (status != 200) {
    return {code_of_http_status(status),
            fmt::format("the server has answered with HTTP status {}{}{}", status,
                        type.empty() ? "" : " and content-type ", type)};
  }
  if (is_grpc(type)) return {};
  return {Code::kUnknown,
          fmt::format("the response is not gRPC: its content-type is \"{}\"", type)};
}

void Call::on_data(std::string_view bytes) {
  reader_.feed(bytes);
  take_messages();
}

void Call::take_messages() {
  while (const auto message = reader_.next()) {
    take_message(*message);
    if (state_ != State::kOpen) return;
  }
  Status fault = reader_fault();
  if (!fault.ok()) fail(std::move(fault));
}

void Call::take_message(FrameReader::Message message) {
  if (++messages_received_ > 1 && request_.one_message_each) {
    return fail({Code::kInternal, "the server has sent more than one message for a unary call"});
  }
  if (message.compressed) {
    Status fault = decoder_.decode(message.bytes, channel_->settings().max_receive);
    if (fault.code == Code::kResourceExhausted) fault.message += " (maxReceiveSize)";
    if (!fault.ok()) return fail(std::move(fault));
    message.bytes = decoder_.message();
  }
  events_.on_message(message.bytes, connection_->http2().at());
}

Status Call::reader_fault() const {
  switch (reader_.fault()) {
    case FrameReader::Fault::kTooLarge:
      return {Code::kResourceExhausted,
              fmt::format("a message of {} bytes has come, more than maxReceiveSize ({})",
                          reader_.refused_size(), channel_->settings().max_receive)};
    case FrameReader::Fault::kBadFlag:
      return {Code::kInternal, "a message begins with a flag other than 0 and 1"};
    default:
      return {};
  }
}

void Call::on_trailers(const http2::FieldBlock& trailers) {
  trailers_ = trailers.text();
}

void Call::on_end() {
  const Instant at = connection_->http2().at();
  Status status = final_status();
  // The server needs no more of the request.
  if (!connection_->http2().sent_end(stream_)) {
    connection_->http2().reset(stream_, http2::ErrorCode::kNoError);
  }
  connection_->note_processed();
  detach();
  finish(std::move(status), at);
}

Status Call::final_status() const {
  const ResponseFields fields = read_response_fields(trailers_only_ ? headers_ : trailers_);
  if (!fields.status) return {Code::kUnknown, "the response has ended without grpc-status"};
  const auto code = parse_code(*fields.status);
  if (!code) {
    return {Code::kUnknown, fmt::format("grpc-status is no number: \"{}\"", *fields.status)};
  }
  if (*code != Code::kOk) {
    return {*code, decode_message(fields.message), decode_binary(fields.details)};
  }
  if (reader_.within_frame()) return {Code::kInternal, "the response ends within a message"};
  if (request_.one_message_each && messages_received_ == 0) {
    return {Code::kInternal, "the server has sent no message for a unary call"};
  }
  return {};
}

void Call::on_sent() {
  sent_at_ = connection_->http2().at();
}

void Call::on_head_fault(http2::HeadFault fault) {
  fail({Code::kInternal, fault == http2::HeadFault::kTooLarge
                             ? "the response's head is larger than HTTP/2 packs here (128 KiB)"
                             : "the metadata is too large for HTTP/2"});
}

void Call::on_closed(http2::ErrorCode code) {
  const Instant at = connection_->http2().at();
  const Status why = connection_->why_closed(code);
  const bool by_server = connection_->http2().reset_by_peer(stream_);
  const uint32_t retries = connection_->productive() ? limits::kResends : limits::kFruitlessResends;
  detach();
  if (code == http2::ErrorCode::kRefusedStream && retryable() && end_.retries < retries) {
    ++end_.retries;
    taken_ = 0;
    state_ = State::kQueued;
    return channel_->submit(*this, at);
  }
  finish(why.ok() ? Status{code_of_http2(code), http2_reason(code, by_server)} : why, at);
}

http2::DataSource::Ready Call::ready() {
  const std::string_view rest = std::string_view(out_).substr(taken_);
  return {.bytes = rest, .last = closed_};
}

void Call::taken(size_t size) {
  taken_ += size;
  if (taken_ < out_.size()) return;
  if (request_.one_message_sent) return;
  if (responded_ || out_.size() > kReplayed) drop_sent();
  if (!closed_) events_.on_drained();
}

void Call::drop_sent() {
  out_.clear();
  taken_ = 0;
  replayable_ = false;
}

void Call::on_deadline() {
  const Instant now = loop_->now();
  if (state_ == State::kPaused) return deliver(now);
  const std::string_view unsent = sent() ? "" : " before the call could be sent";
  leave(http2::ErrorCode::kCancel);
  finish({Code::kDeadlineExceeded, fmt::format("the deadline of {} has passed{}",
                                               format_duration(request_.timeout), unsent)},
         now);
}

void Call::detach() {
  if (state_ == State::kQueued || state_ == State::kEnding) channel_->withdraw(*this);
  if (connection_ == nullptr) return;
  connection_->http2().forget(stream_);
  std::exchange(connection_, nullptr)->remove(*this);
}

void Call::leave(http2::ErrorCode code) {
  if (connection_ != nullptr) connection_->http2().reset(stream_, code);
  detach();
}

void Call::fail(Status status) {
  const Instant at = connection_->http2().at();
  leave(http2::ErrorCode::kCancel);
  finish(std::move(status), at);
}

void Call::finish(Status status, Instant at) {
  disarm();
  state_ = State::kEnded;
  end_.status = std::move(status);
  end_.ended = at;
  if (opened_) {
    const Instant first = first_byte_at_ == Instant{} ? at : first_byte_at_;
    const Instant sent = sent_at_ == Instant{} ? first : std::min(sent_at_, first);
    end_.timings.sending = sent - opened_at_;
    end_.timings.waiting = first - sent;
    end_.timings.receiving = at - first;
  } else {
    end_.timings.blocked = at - end_.started;
  }
  events_.on_end(end_);
}

}  // namespace perigee::grpc
