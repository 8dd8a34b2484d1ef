// Files that are descriptors already. Shows libprotobuf: for engine/protobuf alone.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protobuf/descriptors/file_linker.h"

namespace perigee::protobuf {

class DescriptorSources final : public FileSource {
 public:
  // Serialized FileDescriptorProtos; the first of those with the same name is taken. Each throws
  // SchemaError for bytes that are none.
  explicit DescriptorSources(std::span<const std::string> files);
  // A serialized FileDescriptorSet.
  explicit DescriptorSources(std::string_view set);

  const std::vector<std::string>& names() const { return names_; }
  // Imports that are neither here nor built in, each once.
  std::vector<std::string> missing() const;

  std::unique_ptr<ParsedFile> read(const std::string& name) override;
  std::string where() const override { return " among the descriptors"; }

 private:
  void add(const google::protobuf::FileDescriptorProto& file);

  std::vector<std::string> names_;
  std::map<std::string, google::protobuf::FileDescriptorProto> files_;
};

}  // namespace perigee::protobuf
