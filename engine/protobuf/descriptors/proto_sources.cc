#include "engine/protobuf/descriptors/proto_sources.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/stubs/logging.h>

namespace perigee::protobuf {
namespace {

namespace pb = google::protobuf;
namespace fs = std::filesystem;

// Reports what the parser finds in one file.
class ParseErrors final : public pb::io::ErrorCollector {
 public:
  ParseErrors(const std::string& file, SchemaErrors& errors) : file_(file), errors_(errors) {}

  void AddError(int line, int column, const std::string& message) override {
    errors_.add(file_, {line + 1, column + 1}, message);
  }

 private:
  const std::string& file_;
  SchemaErrors& errors_;
};

// Takes no notice.
class NoErrors final : public pb::io::ErrorCollector {
 public:
  void AddError(int, int, const std::string&) override {}
};

bool is_file(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(path, error);
}

// Reports `edition = "..."` in the place of `syntax = "..."`, which libprotobuf 3.21 takes for any
// other mistake.
bool refuse_edition(const std::string& name, const std::string& text, SchemaErrors& errors) {
  NoErrors ignored;
  pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  pb::io::Tokenizer tokenizer(&input, &ignored);
  if (!tokenizer.Next() || tokenizer.current().text != "edition") return false;
  const SourcePosition position{tokenizer.current().line + 1, tokenizer.current().column + 1};
  tokenizer.Next();
  if (tokenizer.current().text != "=") return false;
  tokenizer.Next();
  errors.add(name, position,
             fmt::format("edition = {} is not read here, but by protoc 27 and later: write "
                         "syntax = \"proto3\" (or \"proto2\") instead, which both read",
                         tokenizer.current().text));
  return true;
}

// Blocks within blocks: libprotobuf 3.21 takes each with a call of its own, so that a file of
// nothing else would end the program.
constexpr int kMaxNesting = 100;

bool refuse_deep(const std::string& name, const std::string& text, SchemaErrors& errors) {
  NoErrors ignored;
  pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  pb::io::Tokenizer tokenizer(&input, &ignored);
  int depth = 0;
  while (tokenizer.Next()) {
    const pb::io::Tokenizer::Token& token = tokenizer.current();
    if (token.text == "{") ++depth;
    if (token.text == "}") --depth;
    if (depth <= kMaxNesting) continue;
    errors.add(name, {token.line + 1, token.column + 1},
               fmt::format("more than {} blocks lie within each other here", kMaxNesting));
    return true;
  }
  return false;
}

// `path` as seen from `folder`, if it lies within.
std::optional<std::string> name_within(const fs::path& folder, const fs::path& path) {
  const fs::path relative =
      fs::weakly_canonical(path).lexically_relative(fs::weakly_canonical(folder));
  if (relative.empty() || *relative.begin() == "..") return std::nullopt;
  return relative.generic_string();
}

}  // namespace

ProtoSources::ProtoSources(const ProtoFiles& files, SchemaErrors& errors)
    : files_(files), import_paths_(files.import_paths), errors_(errors) {}

std::string ProtoSources::import_name(const std::string& file) {
  const std::string name = fs::path(file).lexically_normal().generic_string();
  if (!name.starts_with("..") && !name.starts_with('/') && text_of(name)) return name;
  std::vector<fs::path> candidates;
  for (const fs::path& folder : import_paths_)
    candidates.push_back(folder / file);
  candidates.emplace_back(file);
  const auto found = std::find_if(candidates.begin(), candidates.end(), is_file);
  if (found == candidates.end()) return name;
  for (const fs::path& folder : import_paths_) {
    if (std::optional<std::string> within = name_within(folder, *found)) return *within;
  }
  import_paths_.push_back(found->parent_path());
  return found->filename().string();
}

std::optional<std::string> ProtoSources::text_of(const std::string& name) const {
  for (const EmbeddedProto& embedded : files_.embedded) {
    if (embedded.name == name) return embedded.text;
  }
  for (const fs::path& folder : import_paths_) {
    if (!is_file(folder / name)) continue;
    std::ifstream file(folder / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  return std::nullopt;
}

std::unique_ptr<ParsedFile> ProtoSources::read(const std::string& name) {
  const std::optional<std::string> text = text_of(name);
  return text ? parse(name, *text) : nullptr;
}

std::unique_ptr<ParsedFile> ProtoSources::parse(const std::string& name, const std::string& text) {
  auto file = std::make_unique<ParsedFile>();
  file->proto.set_name(name);
  file->failed = refuse_edition(name, text, errors_) || refuse_deep(name, text, errors_);
  if (file->failed) return file;
  const pb::LogSilencer silencer;  // the parser logs files without `syntax`
  ParseErrors errors(name, errors_);
  pb::io::ArrayInputStream input(text.data(), static_cast<int>(text.size()));
  pb::io::Tokenizer tokenizer(&input, &errors);
  pb::compiler::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.RecordSourceLocationsTo(&file->locations);
  file->failed = !parser.Parse(&tokenizer, &file->proto);
  return file;
}

std::string ProtoSources::where() const {
  if (import_paths_.empty()) return "";
  std::vector<std::string> folders;
  for (const fs::path& folder : import_paths_) {
    std::error_code error;
    folders.push_back(fs::is_directory(folder, error) ? folder.string()
                                                      : folder.string() + " (which is no folder)");
  }
  return fmt::format(" in {}", fmt::join(folders, ", "));
}

}  // namespace perigee::protobuf
