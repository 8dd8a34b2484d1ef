#include "scripting/bindings/http_form.h"

#include <algorithm>
#include <deque>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/http/form.h"
#include "engine/http/multipart.h"
#include "scripting/lua_state.h"

namespace perigee {
namespace {

bool is_file(lua_State* L, int index) {
  if (!lua_istable(L, index)) return false;
  lua_getfield(L, index, "data");
  const bool file = lua_type(L, -1) == LUA_TSTRING;
  lua_pop(L, 1);
  return file;
}

// Reads the fields of one form, which stay where they are in the script.
class FormReader {
 public:
  explicit FormReader(lua_State* L) : L_(L) {}

  void read(int index) {
    if (lua_objlen(L_, index) > 0) {
      read_pairs(index);
    } else {
      read_names(index);
    }
  }

  const std::vector<http::FormPart>& parts() const { return parts_; }
  bool has_files() const { return has_files_; }

 private:
  void read_pairs(int index) {
    const int count = static_cast<int>(lua_objlen(L_, index));
    for (int i = 1; i <= count; ++i) {
      lua_rawgeti(L_, index, i);
      const int pair = lua_gettop(L_);
      if (!lua_istable(L_, pair)) refuse_pair(i);
      lua_rawgeti(L_, pair, 1);
      lua_rawgeti(L_, pair, 2);
      if (lua_type(L_, pair + 1) != LUA_TSTRING) refuse_pair(i);
      read_value(view_at(L_, pair + 1), pair + 2);
      lua_settop(L_, pair - 1);
    }
  }

  void read_names(int index) {
    for (lua_pushnil(L_); lua_next(L_, index) != 0; lua_pop(L_, 1)) {
      if (lua_type(L_, -2) != LUA_TSTRING) {
        throw std::runtime_error("form: the name of a field must be a string");
      }
      read_value(view_at(L_, -2), lua_gettop(L_));
    }
    // A table has no order of its own; those of one name keep theirs.
    std::stable_sort(parts_.begin(), parts_.end(),
                     [](const auto& a, const auto& b) { return a.name < b.name; });
  }

  void read_value(std::string_view name, int index) {
    if (is_file(L_, index)) return read_file(name, index);
    if (!lua_istable(L_, index)) return add(name, index);
    const int count = static_cast<int>(lua_objlen(L_, index));
    lua_pushnil(L_);
    if (count == 0 && lua_next(L_, index) != 0) refuse_value(name, index);
    lua_settop(L_, index);
    for (int i = 1; i <= count; ++i) {
      lua_rawgeti(L_, index, i);
      if (is_file(L_, index + 1)) {
        read_file(name, index + 1);
      } else {
        add(name, index + 1);
      }
      lua_settop(L_, index);
    }
  }

  void add(std::string_view name, int index) {
    switch (lua_type(L_, index)) {
      case LUA_TSTRING:
        parts_.push_back({name, view_at(L_, index)});
        return;
      case LUA_TNUMBER:
        lua_pushvalue(L_, index);
        parts_.push_back({name, texts_.emplace_back(view_at(L_, -1))});
        lua_pop(L_, 1);
        return;
      case LUA_TBOOLEAN:
        parts_.push_back({name, lua_toboolean(L_, index) != 0 ? "true" : "false"});
        return;
      case LUA_TLIGHTUSERDATA:  // json.null
        parts_.push_back({name, ""});
        return;
      default:
        refuse_value(name, index);
    }
  }

  void read_file(std::string_view name, int index) {
    has_files_ = true;
    http::FormPart part{.name = name, .content = text_field(index, "data")};
    part.file_name = text_field(index, "filename");
    part.content_type = text_field(index, "content_type");
    parts_.push_back(part);
  }

  // The field's text, which the file keeps alive.
  std::string_view text_field(int file, const char* field) {
    lua_getfield(L_, file, field);
    if (lua_type(L_, -1) != LUA_TSTRING) {
      throw std::runtime_error(
          fmt::format("form: the {} of a file must be a string: make it with http.file", field));
    }
    const std::string_view text = view_at(L_, -1);
    lua_pop(L_, 1);
    return text;
  }

  [[noreturn]] static void refuse_pair(int number) {
    throw std::runtime_error(
        fmt::format("form: field {} of the list must be a pair like {{\"name\", value}}", number));
  }

  [[noreturn]] void refuse_value(std::string_view name, int index) const {
    if (name == "headers" || name == "tags" || name == "cookies" || name == "params") {
      throw std::runtime_error(fmt::format(
          "the table with \"{}\" stands where the body belongs, which comes before the parameters: "
          "(url, body, params), with nil for no body",
          name));
    }
    throw std::runtime_error(fmt::format(
        "form: \"{}\" must be a string, a number, true or false, http.file(...) or a list of "
        "these, got a {}; use json.encode for JSON",
        name, luaL_typename(L_, index)));
  }

  lua_State* L_;
  std::vector<http::FormPart> parts_;
  std::deque<std::string> texts_;  // of numbers
  bool has_files_ = false;
};

// The boundary of the script's own, which must be none of what lies between.
std::string own_boundary(std::string boundary, const std::vector<http::FormPart>& parts) {
  if (!http::is_boundary(boundary)) {
    throw std::runtime_error(fmt::format(
        "the Content-Type's boundary \"{}\" must be 1 to 70 letters, digits or marks of "
        "'()+_,-./:=?; without one, one is made",
        boundary));
  }
  const std::string line = "--" + boundary;
  for (const http::FormPart& part : parts) {
    if (part.content.find(line) == std::string_view::npos) continue;
    throw std::runtime_error(fmt::format(
        "the Content-Type's boundary \"{}\" occurs in the form's \"{}\"; without one, one is made",
        boundary, part.name));
  }
  return boundary;
}

FormBody encode_parts(const std::vector<http::FormPart>& parts, std::string_view given_type,
                      std::mt19937_64& random) {
  const bool fits = http::is_multipart(given_type);
  auto given = fits ? http::boundary_of(given_type) : std::nullopt;
  const std::string boundary =
      given ? own_boundary(std::move(*given), parts)
            : fmt::format("{:016x}{:016x}{:016x}", random(), random(), random());
  std::string type = given_type.empty() ? http::multipart_type(boundary)
                     : fits && !given   ? http::with_boundary(given_type, boundary)
                                        : std::string(given_type);
  return {http::encode_multipart(parts, boundary), std::move(type), /*in_parts=*/true};
}

}  // namespace

FormBody read_form_body(lua_State* L, int index, std::string_view given_type,
                        std::mt19937_64& random) {
  luaL_checkstack(L, 8, "form");
  FormReader reader(L);
  reader.read(index);
  if (reader.has_files() || http::is_multipart(given_type)) {
    return encode_parts(reader.parts(), given_type, random);
  }
  std::vector<http::FormField> fields;
  for (const http::FormPart& part : reader.parts())
    fields.emplace_back(part.name, part.content);
  return {http::encode_form(fields),
          given_type.empty() ? "application/x-www-form-urlencoded" : std::string(given_type)};
}

}  // namespace perigee
