// Which .proto files to load, and where their imports are.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace perigee::protobuf {

// A file that the program itself holds.
struct EmbeddedProto {
  std::string name;
  std::string text;
};

// Files are given by the names that `import` would use, or by their paths. They and their imports
// are looked for among the embedded files, then in the import paths in their order;
// google/protobuf/*.proto are built in.
struct ProtoFiles {
  std::vector<std::filesystem::path> import_paths;
  std::vector<std::string> files;
  std::vector<EmbeddedProto> embedded;
};

}  // namespace perigee::protobuf
