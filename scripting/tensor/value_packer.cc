// A list is walked by code that is compiled for its datatype: a tensor may have a million values,
// and most are numbers that fit.
#include "scripting/tensor/value_packer.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "engine/tensor/stored_value.h"
#include "engine/tensor/text_list.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/protobuf/lua_number.h"

namespace perigee {
namespace {

using protobuf::FieldKind;

constexpr size_t kDeepestNesting = 64;

struct Text {};  // in place of a stored type, for BYTES

template <typename Stored>
std::string expected(Datatype datatype) {
  if constexpr (std::is_same_v<Stored, Text>) {
    return "a string (BYTES)";
  } else if constexpr (kIsReal<Stored>) {
    return fmt::format("a number in the range of {}", datatype_name(datatype));
  } else {
    if (datatype == Datatype::kBool) return "true or false (BOOL)";
    return fmt::format("a whole number from {} to {} ({})", std::numeric_limits<Stored>::min(),
                       std::numeric_limits<Stored>::max(), datatype_name(datatype));
  }
}

template <typename Stored>
class Packer {
 public:
  Packer(lua_State* L, Datatype datatype, std::string_view place, std::string& out)
      : L_(L), datatype_(datatype), place_(place), out_(out) {
    if constexpr (!std::is_same_v<Stored, Text> && !kIsReal<Stored>) {
      const bool is_bool = datatype == Datatype::kBool;
      end_ = is_bool ? 2 : static_cast<double>(std::numeric_limits<Stored>::max()) + 1;
    }
  }

  size_t pack(int index) {
    lua_pushvalue(L_, index);
    element();
    lua_pop(L_, 1);
    return count_;
  }

 private:
  // Takes what is on top of the stack, and leaves it there.
  void element() {
    if (lua_istable(L_, -1)) return list(lua_gettop(L_));
    ++count_;
    if constexpr (std::is_same_v<Stored, Text>) {
      if (lua_type(L_, -1) != LUA_TSTRING) refuse();
      append_text(out_, view_at(L_, -1));
    } else {
      Stored stored{};
      const bool quick =
          lua_type(L_, -1) == LUA_TNUMBER && convert_number(lua_tonumber(L_, -1), stored);
      if (!quick && !convert(stored)) refuse();
      out_.append(reinterpret_cast<const char*>(&stored), sizeof stored);
    }
  }

  void list(int table) {
    if (path_.size() == kDeepestNesting) {
      throw std::runtime_error(fmt::format("{} is nested too deeply, or contains itself", place_));
    }
    luaL_checkstack(L_, 4, "a tensor");
    const size_t length = lua_objlen(L_, table);
    path_.push_back(0);
    for (size_t i = 1; i <= length; ++i) {
      path_.back() = i;
      lua_rawgeti(L_, table, static_cast<int>(i));
      element();
      lua_pop(L_, 1);
    }
    path_.pop_back();
    check_end(table, length);
  }

  // Behind a list's values there is nothing: no hole with more values, and no names.
  void check_end(int table, size_t length) const {
    if (length == 0) {
      lua_pushnil(L_);
    } else {
      lua_pushinteger(L_, static_cast<lua_Integer>(length));
    }
    for (; lua_next(L_, table) != 0; lua_pop(L_, 1)) {
      const double key = lua_type(L_, -2) == LUA_TNUMBER ? lua_tonumber(L_, -2) : 0;
      if (key >= 1 && key <= static_cast<double>(length)) continue;
      const std::string place = this->place();
      if (length == 0 && key == 0) {
        throw std::runtime_error(fmt::format("{} must be a list, got a table with names", place));
      }
      throw std::runtime_error(fmt::format("{0} is no list: there is no {0}[{1}], but {0}[{2}]",
                                           place, length + 1, shown_key()));
    }
  }

  std::string shown_key() const {
    if (lua_type(L_, -2) == LUA_TSTRING) return fmt::format("\"{}\"", view_at(L_, -2));
    return lua_type(L_, -2) == LUA_TNUMBER ? key_text(L_, -2) : luaL_typename(L_, -2);
  }

  bool convert_number(double number, Stored& stored) const {
    if constexpr (kIsReal<Stored>) {
      stored = stored_real<Stored>(number);
      return !std::isinf(real_of(stored)) || std::isinf(number);
    } else {
      const auto begin = static_cast<double>(std::numeric_limits<Stored>::min());
      if (!(number >= begin && number < end_)) return false;
      stored = static_cast<Stored>(number);
      return static_cast<double>(stored) == number;
    }
  }

  // What is no number that fits: texts of numbers, wide integers, truth values.
  bool convert(Stored& stored) const {
    if constexpr (kIsReal<Stored>) {
      if (is_json_null(L_, -1)) {
        stored = stored_real<Stored>(std::numeric_limits<double>::quiet_NaN());
        return true;
      }
      const auto bits = number_bits_at(L_, -1, FieldKind::kDouble);
      return bits && lua_type(L_, -1) != LUA_TNUMBER &&
             convert_number(std::bit_cast<double>(*bits), stored);
    } else if (datatype_ == Datatype::kBool) {
      if (!lua_isboolean(L_, -1)) return false;
      stored = static_cast<Stored>(lua_toboolean(L_, -1));
      return true;
    } else {
      return convert_integer(stored);
    }
  }

  bool convert_integer(Stored& stored) const {
    if constexpr (!kIsReal<Stored>) {
      if constexpr (std::is_same_v<Stored, uint64_t>) {
        const auto bits = number_bits_at(L_, -1, FieldKind::kUint64);
        if (bits) stored = *bits;
        return bits.has_value();
      } else {
        const auto bits = number_bits_at(L_, -1, FieldKind::kInt64);
        if (!bits || !holds(datatype_, static_cast<int64_t>(*bits))) return false;
        stored = static_cast<Stored>(*bits);
        return true;
      }
    }
  }

  std::string place() const {
    std::string text(place_);
    for (const size_t index : path_)
      text += fmt::format("[{}]", index);
    return text;
  }

  [[noreturn]] void refuse() const {
    throw std::runtime_error(fmt::format("{} must be {}, got {}", place(),
                                         expected<Stored>(datatype_), shown_value(L_, -1)));
  }

  lua_State* L_;
  const Datatype datatype_;
  const std::string_view place_;
  std::string& out_;
  double end_ = 0;  // the first number above the datatype's range
  size_t count_ = 0;
  std::vector<size_t> path_;  // indexes of the lists that are being walked
};

}  // namespace

size_t pack_values(lua_State* L, int index, Datatype datatype, std::string_view place,
                   std::string& out) {
  if (datatype == Datatype::kBytes) return Packer<Text>(L, datatype, place, out).pack(index);
  return with_stored(datatype, [&]<typename Stored>(Stored) {
    return Packer<Stored>(L, datatype, place, out).pack(index);
  });
}

}  // namespace perigee
