#include "engine/protobuf/descriptors/json_mapping.h"

#include <memory>

#include <fmt/format.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/util/json_util.h>

#include "engine/protobuf/descriptors/any_types.h"
#include "engine/protobuf/json_fault.h"

namespace perigee::protobuf {
namespace {

namespace pb = google::protobuf;

std::string url_of(const MessageType& type) {
  return fmt::format("type.googleapis.com/{}", type.full_name);
}

// Maps in the order of their keys, which the wire does not promise.
std::string in_order(const pb::Message& message) {
  std::string bytes;
  pb::io::StringOutputStream stream(&bytes);
  pb::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializePartialToCodedStream(&out);
  out.Trim();
  return bytes;
}

}  // namespace

std::string json_to_bytes(const pb::DescriptorPool& pool, const MessageType& type,
                          std::string_view json) {
  const pb::LogSilencer silencer;
  AnyTypes types(pool, AnyTypes::Unknown::kError);
  std::string bytes;
  const pb::util::Status status = pb::util::JsonToBinaryString(
      &types, url_of(type), pb::StringPiece(json.data(), json.size()), &bytes);
  if (!status.ok()) throw JsonError(json_fault(type, std::string(status.message())));
  return bytes;
}

// libprotobuf writes fields in the order in which they came, and one that came twice twice; so the
// bytes are those of a message that has been read.
std::string bytes_to_json(const pb::DescriptorPool& pool, const MessageType& type,
                          std::string_view bytes, const JsonStyle& style) {
  const pb::LogSilencer silencer;
  pb::DynamicMessageFactory factory;
  const pb::Descriptor* const descriptor = pool.FindMessageTypeByName(type.full_name);
  const std::unique_ptr<pb::Message> message(factory.GetPrototype(descriptor)->New());
  if (!message->ParsePartialFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw JsonError(fmt::format("these bytes are no {}", type.full_name));
  }
  AnyTypes types(pool, AnyTypes::Unknown::kBytes);
  wrap_unknown(*message, types);
  pb::util::JsonPrintOptions options;
  options.always_print_primitive_fields = style.defaults;
  std::string json;
  const pb::util::Status status =
      pb::util::BinaryToJsonString(&types, url_of(type), in_order(*message), &json, options);
  if (!status.ok()) {
    throw JsonError(fmt::format("{} has no JSON: {}", type.full_name, status.ToString()));
  }
  return json;
}

}  // namespace perigee::protobuf
