#include "target/grpc/echo_message.h"

#include <algorithm>
#include <map>

#include "engine/http/header_fields.h"
#include "engine/protobuf/wire_writer.h"
#include "target/grpc/read_fields.h"
#include "target/grpc/test_fields.h"

namespace perigee {
namespace {

using namespace test_fields;
using protobuf::WireReader;
using protobuf::WireWriter;

constexpr uint64_t kMaxDelayMs = 3'600'000;
constexpr std::string_view kInitial = "x-grpc-test-echo-initial";
constexpr std::string_view kTrailing = "x-grpc-test-echo-trailing-bin";

void write_metadata(WireWriter& writer, std::string_view block) {
  std::map<std::string, std::string> fields;
  http::HeaderFields rest(block);
  while (const auto field = rest.next()) {
    std::string& value = fields[std::string(field->name)];
    if (!value.empty()) value += ", ";
    value += field->value;
  }
  for (const auto& [name, value] : fields) {
    const auto entry = writer.begin(kEchoedMetadata);
    writer.bytes_field(kEntryKey, name);
    writer.bytes_field(kEntryValue, value);
    writer.end(entry);
  }
}

}  // namespace

EchoMessage read_echo(std::string_view message) {
  EchoMessage echo;
  read_fields(message, [&](WireReader& reader) {
    if (reader.field() == kEchoText) echo.text = reader.bytes();
    if (reader.field() == kEchoPayload) echo.payload = reader.bytes();
    if (reader.field() == kEchoWithMetadata) echo.with_metadata = reader.varint() != 0;
    if (reader.field() == kEchoDelayMs) {
      echo.delay = std::chrono::milliseconds(std::min(reader.varint(), kMaxDelayMs));
    }
  });
  return echo;
}

void write_echo(std::string& response, const EchoMessage& echo,
                const http::ServerRequest& request) {
  WireWriter writer(response);
  if (!echo.text.empty()) writer.bytes_field(kEchoedText, echo.text);
  if (!echo.payload.empty()) writer.bytes_field(kEchoedPayload, echo.payload);
  if (echo.with_metadata) write_metadata(writer, request.fields());
}

void echo_metadata(grpc::ServerCall& call) {
  http::HeaderFields rest(call.request().fields());
  while (const auto field = rest.next()) {
    if (field->name == kInitial) call.add_header(field->name, field->value);
    if (field->name == kTrailing) call.add_trailer(field->name, field->value);
  }
}

}  // namespace perigee
