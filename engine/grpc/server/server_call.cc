#include "engine/grpc/server/server_call.h"

#include <array>
#include <chrono>
#include <span>

#include <fmt/format.h>

#include "engine/grpc/metadata.h"
#include "engine/grpc/time_limit.h"
#include "engine/http/header_fields.h"

namespace perigee::grpc {
namespace {

constexpr std::string_view kAcceptedCodings = "gzip,deflate";
// Clients that want none may say a deadline that no instant can tell.
constexpr auto kMaxDeadline = std::chrono::hours(24 * 365);

std::optional<http::ContentCoding> find_coding(std::string_view encoding) {
  if (encoding == "gzip") return http::ContentCoding::kGzip;
  if (encoding == "deflate") return http::ContentCoding::kDeflate;
  return std::nullopt;
}

Status unknown_method(std::string_view path, bool known_service) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos || slash == 0) {
    return {Code::kUnimplemented, fmt::format("\"{}\" is not /package.Service/Method", path)};
  }
  const std::string_view service = path.substr(1, slash - 1);
  return {Code::kUnimplemented, known_service ? fmt::format("unknown method {} for service {}",
                                                            path.substr(slash + 1), service)
                                              : fmt::format("unknown service {}", service)};
}

void append_views(std::vector<http2::Field>& to,
                  const std::vector<std::pair<std::string, std::string>>* fields) {
  if (fields == nullptr) return;
  for (const auto& [name, value] : *fields)
    to.push_back({name, value});
}

void add(std::unique_ptr<std::vector<std::pair<std::string, std::string>>>& to,
         std::string_view name, std::string_view value) {
  if (to == nullptr) to = std::make_unique<std::vector<std::pair<std::string, std::string>>>();
  to->emplace_back(name, value);
}

}  // namespace

ServerCall::ServerCall(Services& services, const http::ServerRequest& request,
                       http::DuplexStream& stream, Instant at)
    : services_(services),
      request_(request),
      stream_(stream),
      at_(at),
      frames_(services.max_message()) {
  const size_t method = services.find(request.path());
  services.observer().on_call(method);
  if (method != kUnknownMethod) method_ = &services.method(method);
  read_head();
  if (!over_) begin();
}

ServerCall::~ServerCall() = default;

// All that its head says, in one pass.
void ServerCall::read_head() {
  http::HeaderFields fields(request_.fields());
  std::string_view encoding;
  while (const auto field = fields.next()) {
    if (field->name == "content-type") {
      typed_ = field->value.starts_with("application/grpc+proto");
    } else if (field->name == "grpc-encoding") {
      encoding = field->value;
    } else if (field->name == "grpc-timeout") {
      const auto limit = parse_time_limit(field->value);
      if (!limit) {
        return finish(
            {Code::kInternal, fmt::format("malformed grpc-timeout \"{}\"", field->value)});
      }
      if (*limit > kMaxDeadline) continue;
      deadline_.emplace(services_.loop().timers(), [this] {
        finish_now({Code::kDeadlineExceeded, "the deadline has passed"});
      });
      deadline_->start(at_ + *limit);
    }
  }
  if (encoding.empty() || encoding == "identity") return;
  coding_ = find_coding(encoding);
  if (!coding_) return refuse_encoding(encoding);
  decoder_.begin(encoding);
}

void ServerCall::refuse_encoding(std::string_view encoding) {
  finish({Code::kUnimplemented, fmt::format("unknown grpc-encoding \"{}\"; the server takes {}",
                                            encoding, kAcceptedCodings)});
}

void ServerCall::begin() {
  if (method_ == nullptr) {
    return finish(unknown_method(request_.path(), services_.has_service(request_.path())));
  }
  if (method_->begin) handler_ = method_->begin(*this);
}

void ServerCall::on_data(std::string_view bytes) {
  if (over_) return;
  frames_.feed(bytes);
  while (!over_) {
    const auto message = frames_.next();
    if (!message) break;
    receive(*message);
  }
  if (frames_.fault() != FrameReader::Fault::kNone) refuse_frame();
  if (over_) return;
  unconsumed_ += bytes.size();
  if (!paused_) resume_reading();
}

void ServerCall::refuse_frame() {
  if (frames_.fault() == FrameReader::Fault::kBadFlag) {
    return finish({Code::kInternal, "a message begins with neither 0 nor 1"});
  }
  finish({Code::kResourceExhausted,
          fmt::format("the message has {} bytes; the server takes {} at most",
                      frames_.refused_size(), services_.max_message())});
}

void ServerCall::receive(const FrameReader::Message& message) {
  services_.observer().on_message_received();
  if (!message.compressed) return deliver(message.bytes);
  if (Status fault = decoder_.decode(message.bytes, services_.max_message()); !fault.ok()) {
    return finish(std::move(fault));
  }
  deliver(decoder_.message());
}

void ServerCall::deliver(std::string_view message) {
  if (method_->begin) {
    handler_->on_message(message);
  } else if (!std::exchange(taken_, true)) {
    method_->respond(*this, message);
  }
}

void ServerCall::on_end() {
  if (over_) return;
  if (frames_.within_frame()) return finish({Code::kInternal, "the request ends in a message"});
  if (!method_->begin && !taken_) {
    return finish({Code::kInternal, "the request has no message"});
  }
  if (handler_ != nullptr) handler_->on_half_close();
}

void ServerCall::on_drained() {
  if (!over_ && handler_ != nullptr && !delays()) handler_->on_drained();
}

void ServerCall::on_closed(http2::ErrorCode /*code*/) {
  abandon();
}

void ServerCall::abandon() {
  if (over_) return;
  close();
  services_.observer().on_dropped();
}

void ServerCall::resume_reading() {
  paused_ = false;
  if (unconsumed_ > 0) stream_.consume(std::exchange(unconsumed_, 0));
}

void ServerCall::add_header(std::string_view name, std::string_view value) {
  add(headers_, name, value);
}

void ServerCall::add_trailer(std::string_view name, std::string_view value) {
  add(trailers_, name, value);
}

std::string_view ServerCall::content_type() const {
  return typed_ ? "application/grpc+proto" : "application/grpc";
}

void ServerCall::send_head() {
  if (over_ || std::exchange(head_sent_, true)) return;
  std::array<http2::Field, 4> usual{{{":status", "200"},
                                     {"content-type", content_type()},
                                     {"grpc-accept-encoding", kAcceptedCodings},
                                     {}}};
  size_t size = usual.size() - 1;
  if (coding_) usual[size++] = {"grpc-encoding", http::name_of(*coding_)};
  if (headers_ == nullptr) return stream_.send_head(std::span(usual).first(size), false);
  std::vector<http2::Field> head(usual.begin(), usual.begin() + static_cast<ptrdiff_t>(size));
  append_views(head, headers_.get());
  stream_.send_head(head, false);
}

void ServerCall::send(std::string_view message, Instant due) {
  if (over_) return;
  if (waits(due)) {
    delayed().add({.due = due, .last = false, .message = std::string(message), .status = {}});
  } else {
    send_now(message);
  }
}

void ServerCall::finish(Status status, Instant due) {
  if (over_) return;
  if (waits(due)) {
    delayed().add({.due = due, .last = true, .message = {}, .status = std::move(status)});
  } else {
    finish_now(status);
  }
}

// The clock is read only for what may wait.
bool ServerCall::waits(Instant due) const {
  return delays() || (due > at_ && due > now());
}

DelayedSends& ServerCall::delayed() {
  if (delayed_ == nullptr) {
    delayed_ =
        std::make_unique<DelayedSends>(services_.loop().timers(), [this] { send_delayed(); });
  }
  return *delayed_;
}

void ServerCall::send_delayed() {
  const DelayedSends::Item item = delayed_->take();
  if (item.last) {
    finish_now(item.status);
  } else {
    send_now(item.message);
  }
}

void ServerCall::send_now(std::string_view message) {
  send_head();
  services_.observer().on_message_sent();
  std::string packed;
  if (coding_) {
    packed = http::encode_body({&*coding_, 1}, message);
    message = packed;
  }
  std::string head;  // short enough to lie in the string itself
  append_frame_head(head, message.size(), coding_.has_value());
  stream_.send(head);
  stream_.send(message);
}

void ServerCall::finish_now(const Status& status) {
  if (over_) return;
  const std::string code = std::to_string(static_cast<uint32_t>(status.code));
  if (head_sent_ && status.message.empty() && status.details.empty() && trailers_ == nullptr) {
    const http2::Field usual{"grpc-status", code};
    end(status.code);
    return stream_.end({&usual, 1});
  }
  const std::string message = encode_message(status.message);
  const std::string details = encode_binary(status.details);
  std::vector<http2::Field> fields;
  if (!head_sent_) {
    fields = {{":status", "200"},
              {"content-type", content_type()},
              {"grpc-accept-encoding", kAcceptedCodings}};
    append_views(fields, headers_.get());
  }
  fields.push_back({"grpc-status", code});
  if (!message.empty()) fields.push_back({"grpc-message", message});
  if (!details.empty()) fields.push_back({"grpc-status-details-bin", details});
  append_views(fields, trailers_.get());
  end(status.code);
  if (head_sent_) {
    stream_.end(fields);
  } else {
    stream_.send_head(fields, true);
  }
}

void ServerCall::end(Code code) {
  close();
  services_.observer().on_finished(code);
}

void ServerCall::close() {
  over_ = true;
  if (deadline_) deadline_->stop();
  if (delayed_ != nullptr) delayed_->clear();
}

}  // namespace perigee::grpc
