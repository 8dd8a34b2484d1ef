#include "scripting/values/value_copy.h"

#include <stdexcept>

#include <fmt/format.h>

#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/values/value_format.h"
#include "scripting/values/value_path.h"
#include "scripting/values/wide_integer.h"

namespace perigee {
namespace {

constexpr size_t kDeepest = 200;
constexpr int kSlots = 5;  // of the stack, for each table that a walk is in

class Copier {
 public:
  Copier(lua_State* L, std::string_view name, std::string& out) : L_(L), path_(name), out_(out) {}

  void value(int index) {
    switch (lua_type(L_, index)) {
      case LUA_TNIL:
        return out_.tag(ValueTag::kNil);
      case LUA_TBOOLEAN:
        return out_.tag(lua_toboolean(L_, index) != 0 ? ValueTag::kTrue : ValueTag::kFalse);
      case LUA_TNUMBER:
        out_.tag(ValueTag::kNumber);
        return out_.number(lua_tonumber(L_, index));
      case LUA_TSTRING:
        out_.tag(ValueTag::kString);
        return out_.string(view_at(L_, index));
      case LUA_TTABLE:
        return table(index);
      default:
        return other(index);
    }
  }

 private:
  void other(int index) {
    if (const auto integer = wide_integer_at(L_, index)) {
      out_.tag(integer->is_signed ? ValueTag::kInt64 : ValueTag::kUint64);
      out_.integer(integer->bits);
    } else if (is_json_null(L_, index)) {
      out_.tag(ValueTag::kNull);
    } else {
      refuse(fmt::format("is a {}", luaL_typename(L_, index)));
    }
  }

  [[noreturn]] void refuse(const std::string& what) const {
    throw std::runtime_error(fmt::format("{} {}", path_.text(), what));
  }

  void table(int index) {
    const void* const table = lua_topointer(L_, index);
    if (const int steps = path_.steps_to(table); steps >= 0) {
      refuse(fmt::format("is {} again: a table that contains itself",
                         path_.text(static_cast<size_t>(steps))));
    }
    if (path_.depth() == kDeepest) {
      refuse(fmt::format("is nested too deeply: more than {} tables", kDeepest));
    }
    luaL_checkstack(L_, kSlots, "copying a value");
    check_metatable(index);
    path_.open(table);
    out_.tag(is_json_array(L_, index) ? ValueTag::kArray : ValueTag::kTable);
    const auto length = static_cast<int>(lua_objlen(L_, index));
    out_.size(static_cast<uint32_t>(length));
    const size_t rest = out_.position();
    out_.size(0);
    elements(index, length);
    out_.set_size(rest, members(index, length));
    path_.close();
  }

  // Some tables of the modules are more than their fields.
  void check_metatable(int index) const {
    if (luaL_getmetafield(L_, index, kNoCopy) == 0) return;
    refuse(std::string(view_at(L_, -1)));
  }

  void elements(int index, int length) {
    for (int i = 1; i <= length; ++i) {
      path_.enter(i);
      lua_rawgeti(L_, index, i);
      value(lua_gettop(L_));
      lua_pop(L_, 1);
      path_.leave();
    }
  }

  // Whatever is not in the list part; returns how much that is.
  uint32_t members(int index, int length) {
    uint32_t count = 0;
    for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
      const int key = lua_gettop(L_) - 1;
      if (is_element(key, length)) continue;
      ++count;
      const int type = lua_type(L_, key);
      if (type != LUA_TSTRING && type != LUA_TNUMBER && type != LUA_TBOOLEAN) {
        refuse(fmt::format("has a key that is a {}", luaL_typename(L_, key)));
      }
      path_.enter(L_, key);
      value(key);
      value(key + 1);
      path_.leave();
    }
    return count;
  }

  bool is_element(int key, int length) const {
    if (lua_type(L_, key) != LUA_TNUMBER) return false;
    const double number = lua_tonumber(L_, key);
    return number >= 1 && number <= length && number == static_cast<int>(number);
  }

  lua_State* L_;
  ValuePath path_;
  ValueWriter out_;
};

void push(lua_State* L, ValueReader& in);

void push_table(lua_State* L, ValueReader& in, bool array) {
  luaL_checkstack(L, kSlots, "copying a value");
  const auto elements = static_cast<int>(in.size());
  const auto members = static_cast<int>(in.size());
  lua_createtable(L, elements, members);
  if (array) mark_json_array(L);
  for (int i = 1; i <= elements; ++i) {
    push(L, in);
    lua_rawseti(L, -2, i);
  }
  for (int i = 0; i < members; ++i) {
    push(L, in);
    push(L, in);
    lua_rawset(L, -3);
  }
}

void push(lua_State* L, ValueReader& in) {
  switch (const ValueTag tag = in.tag()) {
    case ValueTag::kNil:
      return lua_pushnil(L);
    case ValueTag::kNull:
      return push_json_null(L);
    case ValueTag::kFalse:
    case ValueTag::kTrue:
      return lua_pushboolean(L, tag == ValueTag::kTrue ? 1 : 0);
    case ValueTag::kNumber:
      return lua_pushnumber(L, in.number());
    case ValueTag::kInt64:
    case ValueTag::kUint64:
      return push_wide_integer(L, {tag == ValueTag::kInt64, in.integer()});
    case ValueTag::kString:
      return push_view(L, in.string());
    case ValueTag::kTable:
    case ValueTag::kArray:
      return push_table(L, in, tag == ValueTag::kArray);
  }
}

}  // namespace

std::string copy_value(lua_State* L, int index, std::string_view name) {
  const StackGuard guard(L);
  if (index < 0) index = lua_gettop(L) + index + 1;
  std::string copy;
  Copier(L, name, copy).value(index);
  return copy;
}

void push_value(lua_State* L, std::string_view copy) {
  ValueReader reader(copy);
  push(L, reader);
}

void push_value_safely(lua_State* L, std::string_view copy) {
  lua_pushcfunction(L, [](lua_State* state) {
    push_value(state, *static_cast<const std::string_view*>(lua_touserdata(state, 1)));
    return 1;
  });
  lua_pushlightuserdata(L, &copy);
  if (lua_pcall(L, 1, 1, 0) != 0) throw std::runtime_error("copying a value: " + take_error(L));
}

}  // namespace perigee
