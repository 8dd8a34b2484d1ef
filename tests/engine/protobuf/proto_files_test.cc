#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/protobuf/schema.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee::protobuf {
namespace {

namespace fs = std::filesystem;

void write(const ScratchFolder& folder, const std::string& name, const std::string& text) {
  const fs::path path = folder / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

std::string message(const std::string& name, const std::string& import = "") {
  return fmt::format("syntax = \"proto3\";\n{}message {} {{}}\n",
                     import.empty() ? "" : fmt::format("import \"{}\";\n", import), name);
}

std::shared_ptr<const Schema> load(std::vector<fs::path> import_paths,
                                   std::vector<std::string> files) {
  return Schema::from_proto_files(
      {.import_paths = std::move(import_paths), .files = std::move(files), .embedded = {}});
}

TEST_CASE("files and imports are looked for in the import paths in their order") {
  const ScratchFolder folder;
  write(folder, "one/a.proto", message("A", "b.proto"));
  write(folder, "one/both.proto", message("First"));
  write(folder, "two/b.proto", message("B", "both.proto"));
  write(folder, "two/both.proto", message("Second"));
  const auto schema = load({folder / "one", folder / "two"}, {"a.proto"});
  CHECK(schema->types().find_message("A") != nullptr);
  CHECK(schema->types().find_message("B") != nullptr);
  CHECK(schema->types().find_message("First") != nullptr);
  CHECK(schema->types().find_message("Second") == nullptr);
}

TEST_CASE("several files are one schema") {
  const ScratchFolder folder;
  write(folder, "a.proto", message("A", "sub/c.proto"));
  write(folder, "b.proto", message("B", "sub/c.proto"));
  write(folder, "sub/c.proto", message("C"));
  const auto schema = load({folder / ""}, {"a.proto", "b.proto", "./sub/c.proto"});
  CHECK(schema->types().messages.size() == 3);
}

TEST_CASE("a file that is given by its path has the name that imports use") {
  const ScratchFolder folder;
  write(folder, "protos/sub/a.proto", message("A", "sub/b.proto"));
  write(folder, "protos/sub/b.proto", message("B"));
  const std::string file = folder / "protos/sub/a.proto";
  const auto schema = load({folder / "protos"}, {file});
  CHECK_FALSE(schema->file_by_name("sub/a.proto").empty());
}

TEST_CASE("a file in none of the import paths finds those beside it") {
  const ScratchFolder folder;
  write(folder, "scripts/main.lua", "");
  write(folder, "protos/a.proto", message("A", "b.proto"));
  write(folder, "protos/b.proto", message("B"));
  const auto schema = load({folder / "scripts"}, {"../protos/a.proto"});
  CHECK_FALSE(schema->file_by_name("a.proto").empty());
  CHECK_FALSE(schema->file_by_name("b.proto").empty());
}

TEST_CASE("a file that is not found is named with where it was looked for") {
  const ScratchFolder folder;
  write(folder, "protos/b.proto", message("B"));
  const std::string path = folder / "protos";
  CHECK_THROWS_WITH_AS(
      load({path, path + "/nowhere"}, {"a.proto"}),
      fmt::format("a.proto: not found in {0}, {0}/nowhere (which is no folder)", path).c_str(),
      SchemaError);
}

TEST_CASE("the mistakes of all files are reported at once") {
  const ScratchFolder folder;
  write(folder, "a.proto", "syntax = \"proto3\";\nmessage A { X x = 1; }\n");
  write(folder, "b.proto", "syntax = \"proto3\";\nmessage B { Y y = 1; }\n");
  CHECK_THROWS_WITH_AS(load({folder / ""}, {"a.proto", "b.proto"}),
                       "a.proto:2:13: \"X\" is not defined.\nb.proto:2:13: \"Y\" is not defined.",
                       SchemaError);
}

}  // namespace
}  // namespace perigee::protobuf
