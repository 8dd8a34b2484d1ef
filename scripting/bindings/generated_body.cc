#include "scripting/bindings/generated_body.h"

#include <fmt/format.h>

#include "scripting/lua_state.h"
#include "scripting/lua_vu.h"

namespace perigee {

GeneratedBody::GeneratedBody(lua_State* L, LuaVu* vu, int function, std::optional<uint64_t> size)
    : L_(L), vu_(vu), function_(function), size_(size) {
  lua_pushboolean(L_, 0);
  piece_ = luaL_ref(L_, LUA_REGISTRYINDEX);
}

GeneratedBody::~GeneratedBody() {
  luaL_unref(L_, LUA_REGISTRYINDEX, function_);
  luaL_unref(L_, LUA_REGISTRYINDEX, piece_);
}

http::BodySource::Piece GeneratedBody::next() {
  if (over_) return {};
  begun_ = true;
  const StackGuard guard(L_);
  lua_rawgeti(L_, LUA_REGISTRYINDEX, function_);
  if (vu_->call_aside(L_, 0, 1) != 0) {
    return fail(fmt::format("the function that makes the body failed: {}", take_error(L_)));
  }
  if (lua_isnil(L_, -1)) {
    over_ = true;
    return {};
  }
  if (lua_type(L_, -1) != LUA_TSTRING) {
    return fail(
        fmt::format("{}: the function that makes the body must return a string, or nil at "
                    "the end; it returned a {}",
                    place(), luaL_typename(L_, -1)));
  }
  if (lua_objlen(L_, -1) == 0) {
    return fail(
        fmt::format("{}: the function that makes the body returned an empty string; nil "
                    "is the end",
                    place()));
  }
  const std::string_view bytes = view_at(L_, -1);
  lua_pushvalue(L_, -1);
  lua_rawseti(L_, LUA_REGISTRYINDEX, piece_);
  return {bytes};
}

http::BodySource::Piece GeneratedBody::fail(const std::string& text) {
  over_ = true;
  return {{}, {http::ErrorCode::kGeneric, text}};
}

std::string GeneratedBody::place() const {
  lua_rawgeti(L_, LUA_REGISTRYINDEX, function_);
  lua_Debug where;
  lua_getinfo(L_, ">S", &where);
  return fmt::format("{}:{}", where.short_src, where.linedefined);
}

}  // namespace perigee
