#include "engine/protobuf/descriptors/descriptor_sources.h"

#include <set>

#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>

namespace perigee::protobuf {
namespace {

namespace pb = google::protobuf;

template <typename Message>
Message parse(std::string_view bytes, const char* what) {
  const pb::LogSilencer silencer;
  Message message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw SchemaError(fmt::format("not {}", what));
  }
  return message;
}

}  // namespace

DescriptorSources::DescriptorSources(std::span<const std::string> files) {
  for (const std::string& bytes : files)
    add(parse<pb::FileDescriptorProto>(bytes, "a FileDescriptorProto"));
}

DescriptorSources::DescriptorSources(std::string_view set) {
  const auto files = parse<pb::FileDescriptorSet>(
      set, "a FileDescriptorSet: write it by protoc --include_imports --descriptor_set_out=FILE");
  for (const pb::FileDescriptorProto& file : files.file())
    add(file);
}

void DescriptorSources::add(const pb::FileDescriptorProto& file) {
  if (file.name().empty()) throw SchemaError("a file among the descriptors has no name");
  if (file.syntax() == "editions") {
    throw SchemaError(
        fmt::format("{}: editions are not read here, but by protobuf 27 and later: "
                    "write syntax = \"proto3\" (or \"proto2\") instead",
                    file.name()));
  }
  if (files_.emplace(file.name(), file).second) names_.push_back(file.name());
}

std::vector<std::string> DescriptorSources::missing() const {
  std::set<std::string> names;
  for (const auto& [name, file] : files_) {
    for (const std::string& import : file.dependency()) {
      if (!files_.contains(import) && built_in_file(import) == nullptr) names.insert(import);
    }
  }
  return {names.begin(), names.end()};
}

std::unique_ptr<ParsedFile> DescriptorSources::read(const std::string& name) {
  const auto found = files_.find(name);
  if (found == files_.end()) return nullptr;
  auto file = std::make_unique<ParsedFile>();
  file->proto = found->second;
  return file;
}

}  // namespace perigee::protobuf
