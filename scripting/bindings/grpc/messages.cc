#include "scripting/bindings/grpc/messages.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "scripting/lua_state.h"

namespace perigee {
namespace {

std::string text_at(lua_State* L, int index, const char* what) {
  if (lua_type(L, index) != LUA_TSTRING) {
    throw std::runtime_error(
        fmt::format("client:load: {} must be a string, got a {}", what, luaL_typename(L, index)));
  }
  return std::string(view_at(L, index));
}

// The import paths, which the script may leave out.
std::vector<std::string> paths_at(lua_State* L, int index) {
  std::vector<std::string> paths;
  if (lua_isnil(L, index)) return paths;
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        "client:load: the import paths must be a list like { \"protos\" }, or nil");
  }
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, index)); ++i) {
    lua_rawgeti(L, index, i);
    paths.push_back(text_at(L, lua_gettop(L), "an import path"));
    lua_pop(L, 1);
  }
  return paths;
}

}  // namespace

void GrpcMessages::keep(std::shared_ptr<const protobuf::Schema> schema) {
  if (std::find(kept_.begin(), kept_.end(), schema) == kept_.end()) {
    kept_.push_back(std::move(schema));
  }
}

std::shared_ptr<const protobuf::Schema> GrpcMessages::load(lua_State* L, int paths, int files) {
  protobuf::ProtoFiles wanted;
  for (const std::string& path : paths_at(L, paths))
    wanted.import_paths.push_back(host_.find_file(path));
  if (wanted.import_paths.empty()) wanted.import_paths.push_back(host_.find_file("."));
  for (int i = files; i <= lua_gettop(L); ++i)
    wanted.files.push_back(text_at(L, i, "a file"));
  if (wanted.files.empty()) {
    throw std::runtime_error("client:load: name a file: client:load({ \"protos\" }, \"a.proto\")");
  }
  std::string key;
  for (const auto& path : wanted.import_paths)
    key.append(path.string()).append("\n");
  for (const std::string& file : wanted.files)
    key.append("\n").append(file);
  auto& schema = loaded_[key];
  if (!schema) schema = protobuf::Schema::from_proto_files(wanted);
  keep(schema);
  return schema;
}

std::shared_ptr<const protobuf::Schema> GrpcMessages::load_protoset(lua_State* L, int path) {
  const std::filesystem::path file = host_.find_file(text_at(L, path, "the path"));
  auto& schema = loaded_[file.string()];
  if (!schema) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream bytes;
    if (!(bytes << in.rdbuf())) {
      throw std::runtime_error(fmt::format("client:load_protoset: can't read {}", file.string()));
    }
    schema = protobuf::Schema::from_descriptor_set(bytes.str());
  }
  keep(schema);
  return schema;
}

}  // namespace perigee
