// Links parsed files with all that they import. Shows libprotobuf: for engine/protobuf alone.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include "engine/protobuf/schema_error.h"

namespace perigee::protobuf {

// A file that has been read. It stays where it is, because positions are found by address.
struct ParsedFile {
  google::protobuf::FileDescriptorProto proto;
  google::protobuf::compiler::SourceLocationTable locations;  // empty where there is no text
  bool failed = false;                                        // its mistakes have been reported
};

// Where files come from.
class FileSource {
 public:
  virtual ~FileSource() = default;
  // Null if there is no such file.
  virtual std::unique_ptr<ParsedFile> read(const std::string& name) = 0;
  // Follows "not found" in errors.
  virtual std::string where() const = 0;
};

// Files and all that they import, linked: each after its imports.
struct LinkedFiles {
  std::unique_ptr<google::protobuf::DescriptorPool> pool;
  std::vector<const google::protobuf::FileDescriptor*> files;
};

class FileLinker {
 public:
  FileLinker(FileSource& source, SchemaErrors& errors);

  // Mistakes go to the errors.
  void link(const std::string& name);
  LinkedFiles take();

 private:
  enum class State { kBegun, kLinked, kFailed };
  struct Entry {
    std::unique_ptr<ParsedFile> file;
    State state = State::kBegun;
  };

  bool begin(const std::string& name);
  bool link_imports(const ParsedFile& file);
  bool build(const ParsedFile& file);

  FileSource& source_;
  SchemaErrors& errors_;
  std::map<std::string, Entry> entries_;
  LinkedFiles linked_;
};

// A file of google/protobuf/ that is built in; null if there is none of that name.
const google::protobuf::FileDescriptor* built_in_file(const std::string& name);

}  // namespace perigee::protobuf
