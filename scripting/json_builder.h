// Builds the Lua values of a JSON text as its parser meets them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/values/wide_integer.h"

namespace perigee {

// How deeply arrays and objects may be nested, in what is read and in what is written.
constexpr int kDeepestJson = 200;

// Each function takes one event of a parser and returns whether it may go on: error() says why not.
// Open containers and keys lie on the Lua stack; in the end the value is on top of it.
class JsonBuilder {
 public:
  JsonBuilder(lua_State* L, Decoding decoding) : L_(L), decoding_(decoding) {}

  bool null() {
    const bool in_array = !open_.empty() && open_.back() > 0;
    if (in_array || decoding_.keeps_nulls) {
      push_json_null(L_);
    } else {
      lua_pushnil(L_);
    }
    return store();
  }
  bool boolean(bool value) {
    lua_pushboolean(L_, value ? 1 : 0);
    return store();
  }
  bool number_integer(int64_t value) {
    const bool is_big = value < -kLargestWhole || value > kLargestWhole;
    if (is_big && decoding_.integers == Integers::kText) return text_of(value);
    if (decoding_.integers != Integers::kExact) return number(static_cast<double>(value));
    push_int64(L_, value);
    return store();
  }
  bool number_unsigned(uint64_t value) {
    const bool is_big = value > static_cast<uint64_t>(kLargestWhole);
    if (is_big && decoding_.integers == Integers::kText) return text_of(value);
    if (decoding_.integers != Integers::kExact) return number(static_cast<double>(value));
    push_uint64(L_, value);
    return store();
  }
  bool number(double value) {
    lua_pushnumber(L_, value);
    return store();
  }
  // The text is that of the number, or empty. It is a whole number that 64 bits can't hold if it
  // looks like one.
  bool number_float(double value, const std::string& text) {
    const bool is_whole = text.find_first_of(".eE") == std::string::npos;
    if (is_whole && !text.empty() && decoding_.integers == Integers::kText) return string(text);
    return number(value);
  }
  bool string(std::string_view value) {
    push_view(L_, value);
    return store();
  }
  // Sizes are hints for the room of a table.
  bool start_object(size_t size) { return open(/*array=*/false, 0, size); }
  bool key(std::string_view value) {
    push_view(L_, value);
    return true;
  }
  bool end_object() { return close(); }
  bool start_array(size_t size) { return open(/*array=*/true, size, 0); }
  bool end_array() { return close(); }

  const std::string& error() const { return error_; }

 protected:
  void set_error(std::string error) { error_ = std::move(error); }

 private:
  // The largest whole number up to which a double tells each from its neighbours.
  static constexpr int64_t kLargestWhole = (int64_t{1} << 53) - 1;

  // A parser that knows no size gives the greatest there is.
  static int room(size_t size) {
    constexpr size_t kMost = size_t{1} << 20;
    return size > kMost ? 0 : static_cast<int>(size);
  }
  template <typename Integer>
  bool text_of(Integer value) {
    const fmt::format_int text(value);
    return string({text.data(), text.size()});
  }
  bool open(bool array, size_t elements, size_t members) {
    if (open_.size() == static_cast<size_t>(kDeepestJson)) {
      error_ = "nested too deeply";
      return false;
    }
    luaL_checkstack(L_, 4, "JSON");
    lua_createtable(L_, room(elements), room(members));
    if (array) mark_json_array(L_);
    open_.push_back(array ? 1 : 0);
    return true;
  }
  bool close() {
    open_.pop_back();
    return store();
  }
  bool store() {
    if (open_.empty()) return true;
    int& next = open_.back();
    if (next == 0) {
      lua_rawset(L_, -3);
    } else {
      lua_rawseti(L_, -2, next++);
    }
    return true;
  }

  lua_State* L_;
  const Decoding decoding_;
  std::vector<int> open_;  // the next index of each open array; 0 for an object
  std::string error_;
};

}  // namespace perigee
