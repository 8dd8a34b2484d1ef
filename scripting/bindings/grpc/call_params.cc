#include "scripting/bindings/grpc/call_params.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "engine/grpc/metadata.h"
#include "engine/http/header_fields.h"
#include "scripting/bindings/grpc/table_fields.h"
#include "scripting/bindings/tag_table.h"
#include "scripting/bindings/websocket_params.h"

namespace perigee {
namespace {

void add_metadata(std::string_view name, std::string_view value, GrpcMetadata& metadata) {
  const std::string fault = grpc::metadata_fault(name, value);
  if (!fault.empty()) throw std::runtime_error(fmt::format("metadata: {}", fault));
  metadata.emplace_back(name, grpc::is_binary(name) ? grpc::encode_binary(value) : value);
}

// The value, or each of a list of values, at the top of the stack.
void add_values(lua_State* L, std::string_view name, const char* what, GrpcMetadata& metadata) {
  if (lua_isstring(L, -1) != 0) {
    lua_pushvalue(L, -1);  // a number's text, without changing the script's table
    add_metadata(name, view_at(L, -1), metadata);
    lua_pop(L, 1);
    return;
  }
  if (!lua_istable(L, -1)) {
    throw std::runtime_error(
        fmt::format("{}: the value of \"{}\" must be a string or a list of strings, got a {}", what,
                    name, luaL_typename(L, -1)));
  }
  for (int i = 1; i <= static_cast<int>(lua_objlen(L, -1)); ++i) {
    lua_rawgeti(L, -1, i);
    if (lua_isstring(L, -1) == 0) {
      throw std::runtime_error(fmt::format("{}: the values of \"{}\" must be strings", what, name));
    }
    add_metadata(name, view_at(L, -1), metadata);
    lua_pop(L, 1);
  }
}

void read_metadata(lua_State* L, int index, GrpcCallParams& params) {
  params.metadata = read_grpc_metadata(L, index, "metadata");
}

void read_own_tags(lua_State* L, int index, GrpcCallParams& params) {
  params.tags = read_tags(L, index, "tags");
}

void read_timeout(lua_State* L, int index, GrpcCallParams& params) {
  params.timeout = read_time(L, index, "timeout");
  if (params.timeout == Duration::zero()) throw std::runtime_error("timeout must be above 0");
}

void read_compression(lua_State* L, int index, GrpcCallParams& params) {
  const std::string_view name = lua_type(L, index) == LUA_TSTRING ? view_at(L, index) : "?";
  if (name != "gzip" && name != "identity") {
    throw std::runtime_error("compression must be \"gzip\", or \"identity\" for none");
  }
  params.compresses = name == "gzip";
}

void read_discard(lua_State* L, int index, GrpcCallParams& params) {
  if (!lua_isboolean(L, index)) {
    throw std::runtime_error("discardResponseMessage must be true or false");
  }
  params.discards_message = lua_toboolean(L, index) != 0;
}

constexpr TableField<GrpcCallParams> kFields[] = {
    {"metadata", read_metadata},
    {"tags", read_own_tags},
    {"timeout", read_timeout},
    {"compression", read_compression},
    {"discardResponseMessage", read_discard},
};

}  // namespace

GrpcMetadata read_grpc_metadata(lua_State* L, int index, const char* what) {
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        fmt::format("{} must be a table of strings, got a {}", what, luaL_typename(L, index)));
  }
  GrpcMetadata metadata;
  for (lua_pushnil(L); lua_next(L, index) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING) {
      throw std::runtime_error(fmt::format("{}: names must be strings", what));
    }
    add_values(L, http::to_lower(view_at(L, -2)), what, metadata);
  }
  // A table has no order of its own; the wire has one.
  std::stable_sort(metadata.begin(), metadata.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  return metadata;
}

GrpcCallParams read_grpc_params(lua_State* L, int index, const char* function) {
  GrpcCallParams params;
  if (lua_isnoneornil(L, index)) return params;
  if (!lua_istable(L, index)) {
    throw std::runtime_error(fmt::format("{}: the parameters must be a table, got a {}", function,
                                         luaL_typename(L, index)));
  }
  try {
    read_table_fields(L, index, kFields, "parameter", params);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format("{}: {}", function, error.what()));
  }
  return params;
}

}  // namespace perigee
