#include "engine/grpc/reflection.h"

#include <fmt/format.h>

#include "engine/grpc/channel.h"
#include "engine/protobuf/schema.h"
#include "engine/protobuf/wire_reader.h"
#include "engine/protobuf/wire_writer.h"

namespace perigee::grpc {
namespace {

using protobuf::WireReader;

// Fields of ServerReflectionRequest and ServerReflectionResponse.
constexpr uint32_t kFileByName = 3;
constexpr uint32_t kFileContainingSymbol = 4;
constexpr uint32_t kListServices = 7;
constexpr uint32_t kFilesResponse = 4;
constexpr uint32_t kServicesResponse = 6;
constexpr uint32_t kErrorResponse = 7;

constexpr std::string_view kMethod = "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo";
constexpr std::string_view kAlphaMethod =
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";

// The first field of this number and a length, or "".
std::string_view text_field(std::string_view message, uint32_t field) {
  WireReader reader(message);
  while (reader.next()) {
    if (reader.field() == field && reader.type() == protobuf::WireType::kLengthDelimited) {
      return reader.bytes();
    }
  }
  return {};
}

}  // namespace

void Reflection::start(Channel& channel, Metadata metadata, Duration timeout) {
  channel_ = &channel;
  metadata_ = std::move(metadata);
  timeout_ = timeout;
  begin();
}

void Reflection::begin() {
  CallRequest request;
  request.path = alpha_ ? kAlphaMethod : kMethod;
  request.metadata = metadata_;
  request.timeout = timeout_;
  call_.begin(*channel_, request);
  ask(kListServices, "*");
  call_.start(channel_->now());
}

void Reflection::ask(uint32_t field, std::string_view name) {
  protobuf::WireWriter(call_.begin_message()).bytes_field(field, name);
  call_.end_message();
  ++awaited_;
}

void Reflection::on_message(std::string_view message, Instant /*at*/) {
  answered_ = true;
  if (awaited_ > 0) --awaited_;
  WireReader reader(message);
  while (reader.next()) {
    if (reader.type() != protobuf::WireType::kLengthDelimited) continue;
    switch (reader.field()) {
      case kFilesResponse:
        take_files(reader.bytes());
        break;
      case kServicesResponse:
        take_services(reader.bytes());
        break;
      case kErrorResponse:
        take_error(reader.bytes());
        break;
      default:
        break;
    }
  }
  if (awaited_ == 0) go_on();
}

void Reflection::take_services(std::string_view list) {
  WireReader reader(list);
  while (reader.next()) {
    if (reader.field() != 1) continue;
    const std::string_view name = text_field(reader.bytes(), 1);
    services_.emplace(name);
    ask(kFileContainingSymbol, name);
  }
}

void Reflection::take_files(std::string_view response) {
  WireReader reader(response);
  while (reader.next()) {
    if (reader.field() != 1) continue;
    const std::string_view file = reader.bytes();
    if (names_.emplace(text_field(file, 1)).second) files_.emplace_back(file);
  }
}

void Reflection::take_error(std::string_view response) {
  if (!error_.ok()) return;
  WireReader reader(response);
  error_.code = Code::kUnknown;
  while (reader.next()) {
    if (reader.field() == 1) error_.code = Code{static_cast<uint32_t>(reader.varint())};
    if (reader.field() == 2) error_.message = reader.bytes();
  }
}

void Reflection::go_on() {
  try {
    for (const std::string& name : protobuf::missing_imports(files_)) {
      if (asked_.insert(name).second) ask(kFileByName, name);
    }
  } catch (const std::exception& error) {
    error_ = {Code::kInternal, error.what()};
    files_.clear();
  }
  if (awaited_ == 0) call_.close_send();
}

void Reflection::on_end(const CallEnd& end) {
  if (end.status.code == Code::kUnimplemented && !answered_ && !alpha_) {
    alpha_ = true;
    awaited_ = 0;
    return begin();
  }
  Status status = end.status;
  if (status.code == Code::kUnimplemented && !answered_) {
    status.message =
        fmt::format("the server does not offer reflection{}{}: load its .proto files instead",
                    status.message.empty() ? "" : ": ", status.message);
  }
  // What is complete is complete, however the stream ends.
  if (awaited_ == 0 && answered_ && !files_.empty()) status = {};
  if (status.ok() && files_.empty()) status = error_;
  events_.on_reflected(status, std::move(files_));
}

}  // namespace perigee::grpc
