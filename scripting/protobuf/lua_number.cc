#include "scripting/protobuf/lua_number.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <string_view>

#include <fmt/format.h>

#include "engine/base/shown_number.h"
#include "engine/protobuf/wire_type.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/values/wide_integer.h"

namespace perigee {
namespace {

using protobuf::FieldKind;

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 2 * kTwo63;

template <typename Number>
std::optional<Number> parsed(std::string_view text) {
  Number number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && rest == end ? std::optional(number) : std::nullopt;
}

// Decimal text, and the words that JSON has for what is no number there.
std::optional<double> parsed_double(std::string_view text) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
  if (text == "Infinity" || text == "inf") return kInfinity;
  if (text == "-Infinity" || text == "-inf") return -kInfinity;
  const std::optional<double> number = parsed<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<int64_t> whole(double number) {
  if (!(number >= -kTwo63 && number < kTwo63)) return std::nullopt;
  const auto integer = static_cast<int64_t>(number);
  return static_cast<double>(integer) == number ? std::optional(integer) : std::nullopt;
}

std::optional<uint64_t> whole_unsigned(double number) {
  if (!(number >= 0 && number < kTwo64)) return std::nullopt;
  const auto integer = static_cast<uint64_t>(number);
  return static_cast<double>(integer) == number ? std::optional(integer) : std::nullopt;
}

std::optional<int64_t> int64_at(lua_State* L, int index) {
  const int type = lua_type(L, index);
  if (type == LUA_TNUMBER) return whole(lua_tonumber(L, index));
  if (type == LUA_TSTRING) {
    const std::string_view text = view_at(L, index);
    if (const auto integer = parsed<int64_t>(text)) return integer;
    const auto number = parsed_double(text);
    return number ? whole(*number) : std::nullopt;
  }
  const auto wide = wide_integer_at(L, index);
  if (!wide || (!wide->is_signed && wide->bits >> 63 != 0)) return std::nullopt;
  return static_cast<int64_t>(wide->bits);
}

std::optional<uint64_t> uint64_at(lua_State* L, int index) {
  const int type = lua_type(L, index);
  if (type == LUA_TNUMBER) return whole_unsigned(lua_tonumber(L, index));
  if (type == LUA_TSTRING) {
    const std::string_view text = view_at(L, index);
    if (const auto integer = parsed<uint64_t>(text)) return integer;
    const auto number = parsed_double(text);
    return number ? whole_unsigned(*number) : std::nullopt;
  }
  const auto wide = wide_integer_at(L, index);
  if (!wide || (wide->is_signed && wide->bits >> 63 != 0)) return std::nullopt;
  return wide->bits;
}

std::optional<double> double_at(lua_State* L, int index) {
  const int type = lua_type(L, index);
  if (type == LUA_TNUMBER) return lua_tonumber(L, index);
  if (type == LUA_TSTRING) return parsed_double(view_at(L, index));
  const auto wide = wide_integer_at(L, index);
  if (!wide) return std::nullopt;
  return wide->is_signed ? static_cast<double>(static_cast<int64_t>(wide->bits))
                         : static_cast<double>(wide->bits);
}

template <typename Integer>
std::optional<int64_t> within(std::optional<int64_t> value) {
  if (!value || *value < std::numeric_limits<Integer>::min() ||
      *value > std::numeric_limits<Integer>::max()) {
    return std::nullopt;
  }
  return value;
}

std::optional<uint64_t> bits_of(std::optional<int64_t> value) {
  return value ? std::optional(static_cast<uint64_t>(*value)) : std::nullopt;
}

std::optional<uint64_t> zigzag_of(std::optional<int64_t> value) {
  return value ? std::optional(protobuf::zigzag(*value)) : std::nullopt;
}

std::optional<uint64_t> float_bits(std::optional<double> value) {
  constexpr double kMaxFloat = std::numeric_limits<float>::max();
  if (!value || (std::isfinite(*value) && std::abs(*value) > kMaxFloat)) return std::nullopt;
  return std::bit_cast<uint32_t>(static_cast<float>(*value));
}

template <typename Integer>
std::string whole_range() {
  return fmt::format("a whole number from {} to {}", std::numeric_limits<Integer>::min(),
                     std::numeric_limits<Integer>::max());
}

}  // namespace

std::optional<uint64_t> number_bits_at(lua_State* L, int index, FieldKind kind) {
  switch (kind) {
    case FieldKind::kDouble: {
      const auto value = double_at(L, index);
      return value ? std::optional(std::bit_cast<uint64_t>(*value)) : std::nullopt;
    }
    case FieldKind::kFloat:
      return float_bits(double_at(L, index));
    case FieldKind::kInt32:
      return bits_of(within<int32_t>(int64_at(L, index)));
    case FieldKind::kSfixed32: {
      const auto value = within<int32_t>(int64_at(L, index));
      return value ? std::optional<uint64_t>(static_cast<uint32_t>(*value)) : std::nullopt;
    }
    case FieldKind::kSint32:
      return zigzag_of(within<int32_t>(int64_at(L, index)));
    case FieldKind::kUint32:
    case FieldKind::kFixed32:
      return bits_of(within<uint32_t>(int64_at(L, index)));
    case FieldKind::kInt64:
    case FieldKind::kSfixed64:
      return bits_of(int64_at(L, index));
    case FieldKind::kSint64:
      return zigzag_of(int64_at(L, index));
    case FieldKind::kUint64:
    case FieldKind::kFixed64:
      return uint64_at(L, index);
    case FieldKind::kBool:
      if (!lua_isboolean(L, index)) return std::nullopt;
      return lua_toboolean(L, index) != 0 ? 1 : 0;
    default:
      return std::nullopt;
  }
}

void push_number_bits(lua_State* L, uint64_t bits, FieldKind kind) {
  switch (kind) {
    case FieldKind::kDouble:
      return lua_pushnumber(L, std::bit_cast<double>(bits));
    case FieldKind::kFloat:
      return lua_pushnumber(L, std::bit_cast<float>(static_cast<uint32_t>(bits)));
    case FieldKind::kInt32:
    case FieldKind::kSfixed32:
      return lua_pushnumber(L, static_cast<int32_t>(bits));
    case FieldKind::kSint32:
      return lua_pushnumber(
          L, static_cast<double>(protobuf::from_zigzag(static_cast<uint32_t>(bits))));
    case FieldKind::kUint32:
    case FieldKind::kFixed32:
      return lua_pushnumber(L, static_cast<uint32_t>(bits));
    case FieldKind::kInt64:
    case FieldKind::kSfixed64:
      return push_int64(L, static_cast<int64_t>(bits));
    case FieldKind::kSint64:
      return push_int64(L, protobuf::from_zigzag(bits));
    case FieldKind::kBool:
      return lua_pushboolean(L, bits != 0 ? 1 : 0);
    default:
      return push_uint64(L, bits);
  }
}

std::string expected_number(FieldKind kind) {
  switch (kind) {
    case FieldKind::kDouble:
      return "a number";
    case FieldKind::kFloat:
      return "a number of a float's range";
    case FieldKind::kInt32:
    case FieldKind::kSint32:
    case FieldKind::kSfixed32:
      return whole_range<int32_t>();
    case FieldKind::kUint32:
    case FieldKind::kFixed32:
      return whole_range<uint32_t>();
    case FieldKind::kUint64:
    case FieldKind::kFixed64:
      return whole_range<uint64_t>();
    case FieldKind::kBool:
      return "true or false";
    default:
      return whole_range<int64_t>();
  }
}

std::string key_text(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TSTRING) return std::string(view_at(L, index));
  if (lua_isboolean(L, index)) return lua_toboolean(L, index) != 0 ? "true" : "false";
  return shown_number(lua_tonumber(L, index));
}

std::string shown_value(lua_State* L, int index) {
  constexpr size_t kLongest = 40;
  switch (lua_type(L, index)) {
    case LUA_TNONE:
    case LUA_TNIL:
      return "nothing";
    case LUA_TBOOLEAN:
      return lua_toboolean(L, index) != 0 ? "true" : "false";
    case LUA_TNUMBER:
      return fmt::format("the number {}", shown_number(lua_tonumber(L, index)));
    case LUA_TSTRING: {
      const std::string_view text = view_at(L, index);
      return fmt::format("the string \"{}{}\"", text.substr(0, kLongest),
                         text.size() > kLongest ? "..." : "");
    }
    default:
      break;
  }
  if (const auto wide = wide_integer_at(L, index)) {
    return fmt::format("the number {}", wide->text());
  }
  if (is_json_null(L, index)) return "json.null";
  return fmt::format("a {}", luaL_typename(L, index));
}

}  // namespace perigee
