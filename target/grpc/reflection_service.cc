#include "target/grpc/reflection_service.h"

#include <optional>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "engine/grpc/server/server_call.h"
#include "engine/protobuf/wire_reader.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/embedded_protos.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/refusal.h"

namespace perigee {
namespace {

using protobuf::Schema;
using protobuf::WireReader;
using protobuf::WireWriter;

// The field numbers are those of both versions; see scenarios/protos/grpc/reflection.
enum Request : uint32_t {
  kHost = 1,
  kFileByFilename = 3,
  kFileContainingSymbol = 4,
  kFileContainingExtension = 5,
  kAllExtensionNumbersOfType = 6,
  kListServices = 7,
};
enum ExtensionRequest : uint32_t { kContainingType = 1, kExtensionNumber = 2 };
enum Response : uint32_t {
  kValidHost = 1,
  kOriginalRequest = 2,
  kFileDescriptorResponse = 4,
  kAllExtensionNumbersResponse = 5,
  kListServicesResponse = 6,
  kErrorResponse = 7,
};
enum ErrorResponse : uint32_t { kErrorCode = 1, kErrorMessage = 2 };
constexpr uint32_t kFileDescriptorProto = 1;
constexpr uint32_t kBaseTypeName = 1;
constexpr uint32_t kExtensionNumbers = 2;
constexpr uint32_t kService = 1;
constexpr uint32_t kServiceName = 1;

void write_error(WireWriter& writer, grpc::Code code, const std::string& message) {
  const auto error = writer.begin(kErrorResponse);
  writer.uint_field(kErrorCode, static_cast<uint64_t>(code));
  writer.bytes_field(kErrorMessage, message);
  writer.end(error);
}

void write_files(WireWriter& writer, const std::vector<std::string>& files,
                 const std::string& what) {
  if (files.empty()) {
    return write_error(writer, grpc::Code::kNotFound, fmt::format("{} not found", what));
  }
  const auto response = writer.begin(kFileDescriptorResponse);
  for (const std::string& file : files)
    writer.bytes_field(kFileDescriptorProto, file);
  writer.end(response);
}

void write_services(WireWriter& writer, const Schema& schema) {
  const auto list = writer.begin(kListServicesResponse);
  for (const protobuf::ServiceType* type : schema.services()) {
    const auto service = writer.begin(kService);
    writer.bytes_field(kServiceName, type->full_name);
    writer.end(service);
  }
  writer.end(list);
}

void write_extension_numbers(WireWriter& writer, const Schema& schema, std::string_view type) {
  const auto numbers = schema.extension_numbers(type);
  if (!numbers) {
    return write_error(writer, grpc::Code::kNotFound, fmt::format("type {} not found", type));
  }
  const auto response = writer.begin(kAllExtensionNumbersResponse);
  writer.bytes_field(kBaseTypeName, type);
  const auto list = writer.begin(kExtensionNumbers);
  for (const int32_t number : *numbers)
    writer.varint(static_cast<uint64_t>(number));
  writer.end(list);
  writer.end(response);
}

void write_extension(WireWriter& writer, const Schema& schema, std::string_view request) {
  std::string_view type;
  int32_t number = 0;
  read_fields(request, [&](WireReader& reader) {
    if (reader.field() == kContainingType) type = reader.bytes();
    if (reader.field() == kExtensionNumber) number = static_cast<int32_t>(reader.varint());
  });
  write_files(writer, schema.file_containing_extension(type, number),
              fmt::format("extension {} of {}", number, type));
}

// What a request asks for: the last of its oneof's fields.
struct Wanted {
  uint32_t field = 0;
  std::string_view value;
};

void write_wanted(WireWriter& writer, const Schema& schema, const Wanted& wanted) {
  const std::string value(wanted.value);
  switch (wanted.field) {
    case kFileByFilename:
      return write_files(writer, schema.file_by_name(value), fmt::format("file {}", value));
    case kFileContainingSymbol:
      return write_files(writer, schema.file_containing_symbol(value),
                         fmt::format("symbol {}", value));
    case kFileContainingExtension:
      return write_extension(writer, schema, value);
    case kAllExtensionNumbersOfType:
      return write_extension_numbers(writer, schema, value);
    case kListServices:
      return write_services(writer, schema);
    default:
      return write_error(writer, grpc::Code::kInvalidArgument, "the request asks for nothing");
  }
}

class Reflection final : public grpc::CallHandler {
 public:
  Reflection(ReflectionService& service, grpc::ServerCall& call) : service_(service), call_(call) {}

  void on_message(std::string_view message) override try {
    std::string response;
    service_.respond(message, response);
    call_.send(response);
  } catch (const MalformedMessage&) {
    call_.finish(refusal_status());
  }
  void on_half_close() override { call_.finish(); }

 private:
  ReflectionService& service_;
  grpc::ServerCall& call_;
};

}  // namespace

void ReflectionService::add_to(grpc::Services& services) {
  for (const char* path : {"/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                           "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"}) {
    services.add({.path = path, .respond = {}, .begin = [this](grpc::ServerCall& call) {
                    return std::make_unique<Reflection>(*this, call);
                  }});
  }
}

void ReflectionService::respond(std::string_view message, std::string& response) {
  Wanted wanted;
  std::string_view host;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kHost) host = reader.bytes();
    if (reader.field() < kFileByFilename || reader.field() > kListServices) return;
    wanted.field = reader.field();
    wanted.value = reader.bytes();
  });
  WireWriter writer(response);
  if (!host.empty()) writer.bytes_field(kValidHost, host);
  writer.bytes_field(kOriginalRequest, message);
  write_wanted(writer, schema(), wanted);
}

const protobuf::Schema& ReflectionService::schema() {
  if (schema_ == nullptr) {
    protobuf::ProtoFiles files;
    files.embedded = embedded_protos();
    for (const protobuf::EmbeddedProto& proto : files.embedded)
      files.files.push_back(proto.name);
    schema_ = Schema::from_proto_files(files);
  }
  return *schema_;
}

}  // namespace perigee
