#include "engine/export/grpc_push.h"

#include <memory>
#include <utility>

#include <fmt/format.h>

#include "engine/http/header_fields.h"

namespace perigee::exports {
namespace {

using Kind = PushResult::Kind;

grpc::ChannelSettings channel_settings(const HttpReceiver& receiver) {
  grpc::ChannelSettings settings;
  settings.server = receiver.url;
  if (receiver.url->tls) settings.tls = std::make_shared<const TlsContext>(receiver.tls);
  return settings;
}

}  // namespace

GrpcPush::GrpcPush(Loop& loop, const HttpReceiver& receiver, std::string path)
    : loop_(loop),
      path_(std::move(path)),
      network_(loop),
      deadlines_(loop.timers()),
      channel_(loop, network_, deadlines_, refused_, channel_settings(receiver)),
      call_(*this) {
  request_.path = path_;
  for (const auto& [name, value] : receiver.headers)
    request_.metadata.emplace_back(http::to_lower(name), value);
  request_.timeout = receiver.timeout;
  request_.one_message_each = true;
  request_.one_message_sent = true;
}

void GrpcPush::send(const Push& push, std::function<void(PushResult)> done) {
  done_ = std::move(done);
  response_.clear();
  call_.begin(channel_, request_);
  call_.begin_message() += push.body;
  call_.end_message();
  call_.close_send();
  call_.start(loop_.now());
}

void GrpcPush::cancel() {
  if (!std::exchange(done_, {})) return;
  call_.cancel();
}

void GrpcPush::on_message(std::string_view message, Instant /*at*/) {
  response_ = message;
}

void GrpcPush::on_end(const grpc::CallEnd& end) {
  PushResult result = result_of(end.status);
  if (result.kind == Kind::kAccepted) result.body = std::move(response_);
  std::exchange(done_, {})(std::move(result));
}

// As OpenTelemetry has it.
PushResult result_of(const grpc::Status& status) {
  if (status.ok()) return {};
  PushResult result{.kind = Kind::kRefused,
                    .reason = fmt::format("{}: {}", grpc::code_name(status.code), status.message)};
  switch (status.code) {
    case grpc::Code::kUnavailable:
    case grpc::Code::kDeadlineExceeded:
      result.kind = Kind::kUnreachable;
      break;
    case grpc::Code::kCancelled:
    case grpc::Code::kResourceExhausted:
    case grpc::Code::kAborted:
    case grpc::Code::kOutOfRange:
    case grpc::Code::kDataLoss:
      result.kind = Kind::kBusy;
      break;
    default:
      break;
  }
  return result;
}

}  // namespace perigee::exports
