#include "scripting/bindings/streamed_bodies.h"

#include <cmath>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "scripting/binding.h"
#include "scripting/bindings/generated_body.h"
#include "scripting/script_host.h"

namespace perigee {
namespace {

using SharedFile = std::shared_ptr<const http::BodyFile>;

constexpr const char* kFileType = "perigee.http.body_file";
constexpr const char* kFunctionType = "perigee.http.body_from";

bool is_of_type(lua_State* L, int index, const char* type) {
  if (lua_getmetatable(L, index) == 0) return false;
  lua_getfield(L, LUA_REGISTRYINDEX, type);
  const bool same = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return same;
}

const http::BodyFile& file_at(lua_State* L, int index) {
  return ***static_cast<SharedFile**>(lua_touserdata(L, index));
}

// file.path and file.size
int read_field(lua_State* L) {
  const std::string_view field = lua_type(L, 2) == LUA_TSTRING ? view_at(L, 2) : "";
  const http::BodyFile& file = file_at(L, 1);
  if (field == "path") {
    push_view(L, file.path());
  } else if (field == "size") {
    lua_pushnumber(L, static_cast<double>(file.size()));
  } else {
    throw std::runtime_error(
        fmt::format("a file for bodies has no field \"{}\"; there are path and size", field));
  }
  return 1;
}

void make_type(lua_State* L, const char* type) {
  luaL_newmetatable(L, type);
  lua_pushboolean(L, 0);
  lua_setfield(L, -2, "__metatable");
}

// The `size` of the settings at `index`, if there is one.
std::optional<double> read_size(lua_State* L, int index) {
  std::optional<double> size;
  if (lua_isnoneornil(L, index)) return size;
  if (!lua_istable(L, index)) {
    throw std::runtime_error("http.body_from: the second argument must be a table: { size = n }");
  }
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    const std::string_view key = lua_type(L, -2) == LUA_TSTRING ? view_at(L, -2) : "(a number)";
    if (key != "size") {
      throw std::runtime_error(
          fmt::format("http.body_from: there is no setting \"{}\"; there is size", key));
    }
    size = lua_type(L, -1) == LUA_TNUMBER ? lua_tonumber(L, -1) : -1;
    constexpr double kMost = 9e15;  // beyond that numbers of scripts have gaps
    if (!(*size >= 0 && *size <= kMost) || *size != std::floor(*size)) {
      throw std::runtime_error("http.body_from: size must be a whole number of bytes");
    }
  }
  return size;
}

}  // namespace

void StreamedBodies::open(lua_State* L) {
  make_type(L, kFileType);
  lua_pushcfunction(L, bound<read_field>);
  lua_setfield(L, -2, "__index");
  make_type(L, kFunctionType);
  lua_pop(L, 2);
  const Function functions[] = {{"body_file", bound<body_file>}, {"body_from", bound<body_from>}};
  set_functions(L, this, functions);
}

// body_file(path) -> a body
int StreamedBodies::body_file(lua_State* L) {
  auto& self = upvalue<StreamedBodies>(L);
  const std::string name = luaL_checkstring(L, 1);
  if (!self.host_.loading()) {
    throw std::runtime_error(fmt::format(
        "http.body_file \"{}\": files are opened at the top of the script, not while it runs",
        name));
  }
  const std::filesystem::path path = self.host_.files().need(L, name);
  SharedFile& file = self.files_[path.string()];
  if (!file) file = std::make_shared<const http::BodyFile>(path);
  *static_cast<SharedFile**>(lua_newuserdata(L, sizeof(void*))) = &file;
  luaL_getmetatable(L, kFileType);
  lua_setmetatable(L, -2);
  return 1;
}

// body_from(function, { size = n }) -> a body
int StreamedBodies::body_from(lua_State* L) {
  lua_settop(L, 2);
  if (!lua_isfunction(L, 1)) {
    throw std::runtime_error(fmt::format(
        "http.body_from: the first argument must be a function that returns the next piece, or "
        "nil at the end; got {}",
        luaL_typename(L, 1)));
  }
  const std::optional<double> size = read_size(L, 2);
  lua_createtable(L, 2, 0);
  lua_pushvalue(L, 1);
  lua_rawseti(L, -2, 1);
  if (size) {
    lua_pushnumber(L, *size);
    lua_rawseti(L, -2, 2);
  }
  luaL_getmetatable(L, kFunctionType);
  lua_setmetatable(L, -2);
  return 1;
}

std::unique_ptr<http::BodySource> StreamedBodies::source_of(lua_State* L, int index,
                                                            LuaVu* vu) const {
  if (is_of_type(L, index, kFileType)) {
    return std::make_unique<http::FileBody>(**static_cast<SharedFile**>(lua_touserdata(L, index)));
  }
  if (!is_of_type(L, index, kFunctionType)) return nullptr;
  std::optional<uint64_t> size;
  lua_rawgeti(L, index, 2);
  if (lua_type(L, -1) == LUA_TNUMBER) size = static_cast<uint64_t>(lua_tonumber(L, -1));
  lua_rawgeti(L, index, 1);
  const int function = luaL_ref(L, LUA_REGISTRYINDEX);
  lua_pop(L, 1);
  return std::make_unique<GeneratedBody>(host_.main_state(), vu, function, size);
}

}  // namespace perigee
