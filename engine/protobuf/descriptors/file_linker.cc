#include "engine/protobuf/descriptors/file_linker.h"

#include <utility>

#include <fmt/format.h>
#include <google/protobuf/any.pb.h>

namespace perigee::protobuf {
namespace {

namespace pb = google::protobuf;
using ErrorLocation = pb::DescriptorPool::ErrorCollector::ErrorLocation;

SourcePosition position_of(bool found, int line, int column) {
  return found ? SourcePosition{line + 1, column + 1} : SourcePosition{};
}

SourcePosition import_position(const ParsedFile& file, const std::string& import) {
  int line = 0;
  int column = 0;
  const bool found = file.locations.FindImport(&file.proto, import, &line, &column);
  return position_of(found, line, column);
}

// Gives the mistakes that libprotobuf finds in one file their position.
class LinkErrors final : public pb::DescriptorPool::ErrorCollector {
 public:
  LinkErrors(const ParsedFile& file, SchemaErrors& errors) : file_(file), errors_(errors) {}

  void AddError(const std::string& name, const std::string& element, const pb::Message* descriptor,
                ErrorLocation location, const std::string& message) override {
    int line = 0;
    int column = 0;
    const bool found = file_.locations.Find(descriptor, location, &line, &column);
    errors_.add(name, position_of(found, line, column),
                found ? message : fmt::format("{}: {}", element, message));
  }

 private:
  const ParsedFile& file_;
  SchemaErrors& errors_;
};

}  // namespace

const pb::FileDescriptor* built_in_file(const std::string& name) {
  if (!name.starts_with("google/protobuf/")) return nullptr;
  pb::Any::descriptor();  // a static libprotobuf holds what is referred to
  return pb::DescriptorPool::generated_pool()->FindFileByName(name);
}

FileLinker::FileLinker(FileSource& source, SchemaErrors& errors)
    : source_(source), errors_(errors), linked_{std::make_unique<pb::DescriptorPool>(), {}} {}

void FileLinker::link(const std::string& name) {
  if (entries_.contains(name)) return;
  if (!begin(name)) errors_.add(name, {}, fmt::format("not found{}", source_.where()));
}

LinkedFiles FileLinker::take() {
  return std::move(linked_);
}

// False if there is no such file.
bool FileLinker::begin(const std::string& name) {
  std::unique_ptr<ParsedFile> file = source_.read(name);
  if (file == nullptr) {
    const pb::FileDescriptor* const built_in = built_in_file(name);
    if (built_in == nullptr) return false;
    file = std::make_unique<ParsedFile>();
    built_in->CopyTo(&file->proto);
  }
  Entry& entry = entries_[name];
  entry.file = std::move(file);
  const bool linked = link_imports(*entry.file) && build(*entry.file);
  entry.state = linked ? State::kLinked : State::kFailed;
  return true;
}

// False if the file can't be built, for which there is a reason among the errors.
bool FileLinker::link_imports(const ParsedFile& file) {
  bool linked = !file.failed;
  for (const std::string& import : file.proto.dependency()) {
    const auto known = entries_.find(import);
    if (known == entries_.end()) {
      if (!begin(import)) {
        errors_.add(file.proto.name(), import_position(file, import),
                    fmt::format("import \"{}\" was not found{}", import, source_.where()));
        linked = false;
        continue;
      }
    } else if (known->second.state == State::kBegun) {
      errors_.add(file.proto.name(), import_position(file, import),
                  fmt::format("import \"{}\" leads back to this file", import));
    }
    linked = linked && entries_.at(import).state == State::kLinked;
  }
  return linked;
}

bool FileLinker::build(const ParsedFile& file) {
  LinkErrors errors(file, errors_);
  const pb::FileDescriptor* const built =
      linked_.pool->BuildFileCollectingErrors(file.proto, &errors);
  if (built != nullptr) linked_.files.push_back(built);
  return built != nullptr;
}

}  // namespace perigee::protobuf
