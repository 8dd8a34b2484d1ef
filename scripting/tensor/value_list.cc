#include "scripting/tensor/value_list.h"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/base/json_text.h"
#include "engine/base/utf8.h"
#include "engine/tensor/stored_value.h"
#include "engine/tensor/text_list.h"
#include "scripting/lua_state.h"
#include "scripting/values/wide_integer.h"

namespace perigee {
namespace {

template <typename Stored>
void push_value(lua_State* L, Stored value, bool is_bool) {
  if constexpr (kIsReal<Stored>) {
    lua_pushnumber(L, real_of(value));
  } else if constexpr (sizeof(Stored) < sizeof(int64_t)) {
    if (is_bool) return lua_pushboolean(L, value != 0 ? 1 : 0);
    lua_pushnumber(L, static_cast<double>(value));
  } else if constexpr (std::is_signed_v<Stored>) {
    push_int64(L, value);
  } else {
    push_uint64(L, value);
  }
}

template <typename Stored>
void append_json(std::string& out, Stored value, Datatype datatype) {
  if constexpr (kIsReal<Stored>) {
    const double number = real_of(value);
    if (!std::isfinite(number)) {
      out += "null";
    } else {
      append_shortest(out, datatype, number);
    }
  } else if (datatype == Datatype::kBool) {
    out += value != 0 ? "true" : "false";
  } else {
    const fmt::format_int text(value);
    out.append(text.data(), text.size());
  }
}

void push_texts(lua_State* L, std::string_view bytes) {
  TextReader reader(bytes);
  int index = 0;
  while (const auto text = reader.next()) {
    push_view(L, *text);
    lua_rawseti(L, -2, ++index);
  }
}

void append_texts(std::string& out, std::string_view bytes, std::string_view place) {
  TextReader reader(bytes);
  for (size_t index = 1; const auto text = reader.next(); ++index) {
    if (!is_utf8(*text)) {
      throw std::runtime_error(
          fmt::format("{}[{}] is not UTF-8, which JSON needs; write binary = true", place, index));
    }
    if (index > 1) out += ',';
    append_json_string(out, *text);
  }
}

}  // namespace

std::optional<size_t> count_values(std::string_view bytes, Datatype datatype) {
  size_t count = 0;
  if (datatype == Datatype::kBytes) {
    TextReader reader(bytes);
    while (reader.next())
      ++count;
    return reader.left() == 0 ? std::optional(count) : std::nullopt;
  }
  const size_t size = value_size(datatype);
  return bytes.size() % size == 0 ? std::optional(bytes.size() / size) : std::nullopt;
}

void push_value_list(lua_State* L, std::string_view bytes, Datatype datatype, size_t count) {
  luaL_checkstack(L, 8, "a tensor");
  lua_createtable(L, static_cast<int>(count), 0);
  if (datatype == Datatype::kBytes) return push_texts(L, bytes);
  with_stored(datatype, [&]<typename Stored>(Stored) {
    const char* at = bytes.data();
    for (size_t i = 1; i <= count; ++i) {
      push_value(L, load<Stored>(at), datatype == Datatype::kBool);
      lua_rawseti(L, -2, static_cast<int>(i));
    }
  });
}

void append_value_json(std::string& out, std::string_view bytes, Datatype datatype,
                       std::string_view place) {
  out += '[';
  if (datatype == Datatype::kBytes) {
    append_texts(out, bytes, place);
  } else {
    with_stored(datatype, [&]<typename Stored>(Stored) {
      const char* at = bytes.data();
      const char* const end = at + bytes.size();
      while (at != end) {
        if (at != bytes.data()) out += ',';
        append_json(out, load<Stored>(at), datatype);
      }
    });
  }
  out += ']';
}

}  // namespace perigee
