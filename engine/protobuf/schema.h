// The types and services of .proto files, a protoset or a server's reflection.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/message_json.h"
#include "engine/protobuf/proto_files.h"
#include "engine/protobuf/schema_error.h"
#include "engine/protobuf/type_set.h"

namespace perigee::protobuf {

struct LinkedFiles;

// A part of a schema as people read it.
struct Description {
  std::string kind;  // "a service", "an enum", ...: what it is
  std::string name;  // its full name
  std::string text;  // as a .proto writes it
};

// Immutable, and shared by threads. Its types live as long as it does.
class Schema {
 public:
  // Each throws SchemaError.
  static std::shared_ptr<const Schema> from_proto_files(const ProtoFiles& files);
  // Of a FileDescriptorSet, as `protoc --descriptor_set_out --include_imports` writes it.
  static std::shared_ptr<const Schema> from_descriptor_set(std::string_view bytes);
  // Of FileDescriptorProtos in any order, as reflection gives them. All their imports must be among
  // them, except google/protobuf/*.proto.
  static std::shared_ptr<const Schema> from_descriptors(std::span<const std::string> files);

  // Of files that have been linked, which only this folder can.
  explicit Schema(std::unique_ptr<LinkedFiles> files);
  ~Schema();
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  const TypeSet& types() const;
  // All services, in the order of their names.
  std::vector<const ServiceType*> services() const;

  // By its full name; a dot may be in front. Each throws SchemaError with the closest known name.
  const MessageType& message(std::string_view name) const;
  const ServiceType& service(std::string_view name) const;
  // "package.Service/Method" or "package.Service.Method"; a slash may be in front.
  const MethodType& method(std::string_view name) const;

  // Serialized FileDescriptorProtos: the file that was asked for, then all that it imports,
  // directly or not. Empty if there is none. A symbol is the full name of a message, a field, an
  // enum, one of its values, a service, a method or an extension.
  std::vector<std::string> file_by_name(std::string_view name) const;
  std::vector<std::string> file_containing_symbol(std::string_view symbol) const;
  std::vector<std::string> file_containing_extension(std::string_view message,
                                                     int32_t number) const;
  // The numbers of all extensions of a message; nothing if there is no such message.
  std::optional<std::vector<int32_t>> extension_numbers(std::string_view message) const;
  // Nothing if there is no such symbol. A method's may have a slash before its name.
  std::optional<Description> describe(std::string_view symbol) const;

  // A message of one of its types from protobuf's JSON mapping, and as that. Each throws JsonError.
  std::string from_json(const MessageType& type, std::string_view json) const;
  std::string to_json(const MessageType& type, std::string_view bytes,
                      const JsonStyle& style = {}) const;

 private:
  std::unique_ptr<LinkedFiles> files_;
  TypeSet types_;
};

// The imports of serialized FileDescriptorProtos that are neither among them nor built in. Throws
// SchemaError for bytes that are none.
std::vector<std::string> missing_imports(std::span<const std::string> files);

}  // namespace perigee::protobuf
