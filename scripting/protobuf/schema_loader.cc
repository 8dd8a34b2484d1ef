#include "scripting/protobuf/schema_loader.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "scripting/lua_state.h"
#include "scripting/protobuf/lua_number.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

namespace fs = std::filesystem;
using protobuf::ProtoFiles;
using protobuf::Schema;
using protobuf::SchemaError;

[[noreturn]] void refuse(std::string_view function, std::string_view what) {
  throw std::runtime_error(fmt::format("{}: {}", function, what));
}

std::string text_at(lua_State* L, int index, std::string_view function, std::string_view what) {
  if (lua_type(L, index) != LUA_TSTRING) {
    refuse(function, fmt::format("{} must be a string, got {}", what, shown_value(L, index)));
  }
  return std::string(view_at(L, index));
}

// The names of folders at `index`: one, a list of them, or none.
std::vector<std::string> import_paths_at(lua_State* L, int index, std::string_view function) {
  if (lua_isnoneornil(L, index)) return {};
  if (!lua_istable(L, index)) return {text_at(L, index, function, "the import path")};
  std::vector<std::string> names;
  const auto count = static_cast<int>(lua_objlen(L, index));
  for (int i = 1; i <= count; ++i) {
    lua_rawgeti(L, index, i);
    names.push_back(text_at(L, -1, function, "an import path"));
    lua_pop(L, 1);
  }
  return names;
}

fs::path or_here(const fs::path& folder) {
  return folder.empty() ? "." : folder;
}

std::string read_protoset(const fs::path& path) {
  if (fs::is_directory(path)) {
    throw SchemaError("it is a folder; name the file that protoc --descriptor_set_out has written");
  }
  // A device may never end.
  if (fs::is_character_file(path)) throw SchemaError("it is a device; name a file");
  std::ifstream file(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) throw SchemaError("no such file, or one that can't be read");
  return bytes;
}

}  // namespace

std::shared_ptr<const Schema> SchemaLoader::load(lua_State* L, int first,
                                                 std::string_view function) const {
  const Names names = read_names(L, first, function);
  // Names mean other files where the file that calls lies elsewhere.
  std::string key = "proto" + host_.files().find(L, ".").string() + '\0';
  for (const std::string& path : names.import_paths)
    key += '\0' + path;
  key += '\0';
  for (const std::string& file : names.files)
    key += '\0' + file;
  return find(key, function, [&] { return Schema::from_proto_files(find_files(L, names)); });
}

std::shared_ptr<const Schema> SchemaLoader::load_protoset(lua_State* L, int index,
                                                          std::string_view function) const {
  const std::string name = text_at(L, index, function, "the path");
  return find("protoset" + host_.files().find(L, ".").string() + '\0' + name, function, [&] {
    try {
      return Schema::from_descriptor_set(read_protoset(host_.files().find(L, name)));
    } catch (const SchemaError& error) {
      throw SchemaError(fmt::format("{}: {}", name, error.what()));
    }
  });
}

// As with `open`: then every instance that runs the script finds all it needs.
std::shared_ptr<const Schema> SchemaLoader::find(const std::string& key, std::string_view function,
                                                 const SchemaCache::Load& load) const {
  if (!host_.loading()) {
    refuse(function, "call it in the script's main part, outside of functions");
  }
  try {
    if (auto schema = cache_.find(key, host_.declaring(), load)) return schema;
  } catch (const SchemaError& error) {
    refuse(function, error.what());
  }
  refuse(function,
         "this was not loaded when the script was loaded first, with __VU 0; load every schema in "
         "every VU, whatever __VU is");
}

SchemaLoader::Names SchemaLoader::read_names(lua_State* L, int first, std::string_view function) {
  Names names{import_paths_at(L, first, function), {}};
  const int last = lua_gettop(L);
  if (last <= first) {
    refuse(function, fmt::format("name a file: {}({{ \"protos\" }}, \"a.proto\")", function));
  }
  for (int i = first + 1; i <= last; ++i)
    names.files.push_back(text_at(L, i, function, "a file"));
  return names;
}

ProtoFiles SchemaLoader::find_files(lua_State* L, const Names& names) const {
  ProtoFiles files{.import_paths = {}, .files = {}, .embedded = cache_.built_in()};
  for (const std::string& path : names.import_paths)
    files.import_paths.push_back(or_here(host_.files().find(L, path)));
  if (files.import_paths.empty()) files.import_paths = {or_here(host_.script().folder)};
  for (const std::string& name : names.files) {
    const bool imported =
        std::any_of(files.import_paths.begin(), files.import_paths.end(),
                    [&](const fs::path& path) { return fs::exists(path / name); });
    // A file that is in none of the import paths may be given by its path.
    const fs::path path = host_.files().find(L, name);
    files.files.push_back(!imported && fs::exists(path) ? path.string() : name);
  }
  return files;
}

}  // namespace perigee
