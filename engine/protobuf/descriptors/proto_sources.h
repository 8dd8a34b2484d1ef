// Finds and parses .proto files. Shows libprotobuf: for engine/protobuf alone.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/protobuf/descriptors/file_linker.h"
#include "engine/protobuf/proto_files.h"

namespace perigee::protobuf {

class ProtoSources final : public FileSource {
 public:
  // Both must outlive the sources.
  ProtoSources(const ProtoFiles& files, SchemaErrors& errors);

  // The name that `import` would use for a file that is given by its name or its path. The folder
  // of one that lies in none of the import paths becomes the last of them.
  std::string import_name(const std::string& file);

  std::unique_ptr<ParsedFile> read(const std::string& name) override;
  std::string where() const override;

 private:
  std::optional<std::string> text_of(const std::string& name) const;
  std::unique_ptr<ParsedFile> parse(const std::string& name, const std::string& text);

  const ProtoFiles& files_;
  std::vector<std::filesystem::path> import_paths_;
  SchemaErrors& errors_;
};

}  // namespace perigee::protobuf
