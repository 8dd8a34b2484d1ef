#include "engine/protobuf/schema.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/base/suggest.h"
#include "engine/protobuf/descriptors/descriptor_sources.h"
#include "engine/protobuf/descriptors/file_linker.h"
#include "engine/protobuf/descriptors/json_mapping.h"
#include "engine/protobuf/descriptors/proto_sources.h"
#include "engine/protobuf/descriptors/type_builder.h"

namespace perigee::protobuf {
namespace {

namespace pb = google::protobuf;

std::string_view without_dot(std::string_view name) {
  return name.substr(name.starts_with('.') ? 1 : 0);
}

std::string_view last_part(std::string_view name) {
  return name.substr(name.rfind('.') + 1);  // npos + 1 is 0
}

// " (did you mean \"package.Name\"?)": where the package is all that is missing, its only owner.
std::string suggestion(std::string_view name, const std::vector<std::string_view>& known) {
  std::vector<std::string_view> same;
  std::copy_if(known.begin(), known.end(), std::back_inserter(same),
               [&](std::string_view full) { return last_part(full) == last_part(name); });
  if (same.size() == 1) return fmt::format(" (did you mean \"{}\"?)", same.front());
  return did_you_mean(name, known);
}

template <typename Type>
const Type& find_or_throw(const TypeSet::ByName<Type>& types, std::string_view name,
                          const char* what) {
  const auto found = types.find(without_dot(name));
  if (found != types.end()) return found->second;
  std::vector<std::string_view> known;
  for (const auto& entry : types)
    known.emplace_back(entry.first);
  throw SchemaError(
      fmt::format("there is no {} {}{}", what, name, suggestion(without_dot(name), known)));
}

void append_with_imports(const pb::FileDescriptor& file, std::set<const pb::FileDescriptor*>& seen,
                         std::vector<std::string>& out) {
  if (!seen.insert(&file).second) return;
  pb::FileDescriptorProto proto;
  file.CopyTo(&proto);
  out.push_back(proto.SerializeAsString());
  for (int i = 0; i < file.dependency_count(); ++i)
    append_with_imports(*file.dependency(i), seen, out);
}

std::vector<std::string> with_imports(const pb::FileDescriptor* file) {
  std::vector<std::string> files;
  std::set<const pb::FileDescriptor*> seen;
  if (file != nullptr) append_with_imports(*file, seen, files);
  return files;
}

template <typename Descriptor>
std::optional<Description> described(const Descriptor* descriptor, std::string kind) {
  if (descriptor == nullptr) return std::nullopt;
  return Description{std::move(kind), descriptor->full_name(), descriptor->DebugString()};
}

std::shared_ptr<const Schema> linked(FileSource& source, SchemaErrors& errors,
                                     const std::vector<std::string>& names) {
  FileLinker linker(source, errors);
  for (const std::string& name : names)
    linker.link(name);
  errors.check();
  return std::make_shared<const Schema>(std::make_unique<LinkedFiles>(linker.take()));
}

}  // namespace

std::shared_ptr<const Schema> Schema::from_proto_files(const ProtoFiles& files) {
  SchemaErrors errors;
  ProtoSources source(files, errors);
  std::vector<std::string> names;
  for (const std::string& file : files.files)
    names.push_back(source.import_name(file));
  return linked(source, errors, names);
}

std::shared_ptr<const Schema> Schema::from_descriptor_set(std::string_view bytes) {
  SchemaErrors errors;
  DescriptorSources source(bytes);
  if (source.names().empty()) throw SchemaError("a FileDescriptorSet without any file");
  return linked(source, errors, source.names());
}

std::shared_ptr<const Schema> Schema::from_descriptors(std::span<const std::string> files) {
  SchemaErrors errors;
  DescriptorSources source(files);
  return linked(source, errors, source.names());
}

Schema::Schema(std::unique_ptr<LinkedFiles> files) : files_(std::move(files)) {
  build_types(files_->files, types_);
}

Schema::~Schema() = default;

const TypeSet& Schema::types() const {
  return types_;
}

std::vector<const ServiceType*> Schema::services() const {
  std::vector<const ServiceType*> services;
  for (const auto& [name, service] : types_.services)
    services.push_back(&service);
  return services;
}

const MessageType& Schema::message(std::string_view name) const {
  return find_or_throw(types_.messages, name, "message");
}

const ServiceType& Schema::service(std::string_view name) const {
  return find_or_throw(types_.services, name, "service");
}

const MethodType& Schema::method(std::string_view name) const {
  std::string_view rest = name.substr(name.starts_with('/') ? 1 : 0);
  const size_t slash = rest.rfind('/');
  const size_t end = slash == std::string_view::npos ? rest.rfind('.') : slash;
  if (end == std::string_view::npos) {
    throw SchemaError(fmt::format("\"{}\" names no method: write package.Service/Method", name));
  }
  const ServiceType& owner = service(rest.substr(0, end));
  rest.remove_prefix(end + 1);
  if (const MethodType* const method = owner.find(rest)) return *method;
  std::vector<std::string_view> known;
  for (const MethodType& method : owner.methods)
    known.emplace_back(method.name);
  throw SchemaError(fmt::format("service {} has no method {}{}", owner.full_name, rest,
                                did_you_mean(rest, known)));
}

std::vector<std::string> Schema::file_by_name(std::string_view name) const {
  return with_imports(files_->pool->FindFileByName(std::string(name)));
}

std::vector<std::string> Schema::file_containing_symbol(std::string_view symbol) const {
  return with_imports(files_->pool->FindFileContainingSymbol(std::string(without_dot(symbol))));
}

std::vector<std::string> Schema::file_containing_extension(std::string_view message,
                                                           int32_t number) const {
  const pb::Descriptor* const type =
      files_->pool->FindMessageTypeByName(std::string(without_dot(message)));
  if (type == nullptr) return {};
  const pb::FieldDescriptor* const extension = files_->pool->FindExtensionByNumber(type, number);
  return with_imports(extension == nullptr ? nullptr : extension->file());
}

std::optional<std::vector<int32_t>> Schema::extension_numbers(std::string_view message) const {
  const pb::Descriptor* const type =
      files_->pool->FindMessageTypeByName(std::string(without_dot(message)));
  if (type == nullptr) return std::nullopt;
  std::vector<const pb::FieldDescriptor*> extensions;
  files_->pool->FindAllExtensions(type, &extensions);
  std::vector<int32_t> numbers;
  for (const pb::FieldDescriptor* extension : extensions)
    numbers.push_back(extension->number());
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::optional<Description> Schema::describe(std::string_view symbol) const {
  std::string name(symbol.substr(symbol.starts_with('/') || symbol.starts_with('.') ? 1 : 0));
  std::replace(name.begin(), name.end(), '/', '.');
  const pb::DescriptorPool& pool = *files_->pool;
  if (auto found = described(pool.FindServiceByName(name), "a service")) return found;
  if (auto found = described(pool.FindMethodByName(name), "a method")) return found;
  if (auto found = described(pool.FindMessageTypeByName(name), "a message")) return found;
  if (auto found = described(pool.FindEnumTypeByName(name), "an enum")) return found;
  if (auto found = described(pool.FindFieldByName(name), "a field")) return found;
  if (auto found = described(pool.FindOneofByName(name), "a one-of")) return found;
  if (auto found = described(pool.FindEnumValueByName(name), "an enum value")) return found;
  return described(pool.FindExtensionByName(name), "an extension");
}

std::string Schema::from_json(const MessageType& type, std::string_view json) const {
  return json_to_bytes(*files_->pool, type, json);
}

std::string Schema::to_json(const MessageType& type, std::string_view bytes,
                            const JsonStyle& style) const {
  return bytes_to_json(*files_->pool, type, bytes, style);
}

std::vector<std::string> missing_imports(std::span<const std::string> files) {
  return DescriptorSources(files).missing();
}

}  // namespace perigee::protobuf
