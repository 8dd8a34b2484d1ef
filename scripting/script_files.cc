#include "scripting/script_files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

namespace fs = std::filesystem;

// The length of the "./" and "../" that a name begins with.
size_t relative_part(std::string_view name) {
  size_t length = 0;
  while (true) {
    const std::string_view rest = name.substr(length);
    if (rest.starts_with("./")) {
      length += 2;
    } else if (rest.starts_with("../")) {
      length += 3;
    } else {
      return length;
    }
  }
}

bool is_relative(std::string_view name) {
  return name == "." || name == ".." || relative_part(name) > 0;
}

std::string with_slashes(std::string name, size_t from = 0) {
  std::replace(name.begin() + static_cast<std::ptrdiff_t>(from), name.end(), '.', '/');
  return name;
}

// Each once, as the script's folder may be the current one.
void add_place(std::vector<std::string>& places, const fs::path& path) {
  const std::string place = path.string();
  const auto is_same = [&](const std::string& other) {
    return fs::path(other).lexically_normal() == path.lexically_normal();
  };
  if (std::none_of(places.begin(), places.end(), is_same)) places.push_back(place);
}

void add_module(std::vector<std::string>& places, const fs::path& folder, const std::string& name) {
  // "." and ".." are folders.
  const std::string last = fs::path(name).filename().string();
  if (!last.empty() && last != "." && last != "..") add_place(places, folder / (name + ".lua"));
  add_place(places, folder / name / "init.lua");
}

bool is_file(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

}  // namespace

// A file that has called by a tail call is not on the stack any more: if `require` is met first, it
// was the module that is loaded now.
std::string ScriptFiles::caller(lua_State* L) const {
  lua_Debug frame{};
  for (int level = 1; lua_getstack(L, level, &frame) != 0; ++level) {
    lua_getinfo(L, "Sf", &frame);
    const lua_CFunction function = lua_tocfunction(L, -1);
    lua_pop(L, 1);
    if (function == require_) break;
    if (frame.source[0] == '@') return frame.source + 1;
  }
  return loading_.empty() ? script_.path : loading_.back();
}

fs::path ScriptFiles::folder_of(const std::string& file) const {
  return file == script_.path ? script_.folder : fs::path(file).parent_path();
}

std::vector<std::string> ScriptFiles::module_places(lua_State* L, const std::string& name) const {
  std::vector<std::string> places;
  if (is_relative(name)) {
    std::vector<std::string> found;
    const fs::path folder = folder_of(caller(L));
    add_module(found, folder, name);
    const size_t start = relative_part(name);
    if (name.find_first_not_of("./", start) != std::string::npos) {
      add_module(found, folder, with_slashes(name, start));
    }
    for (const std::string& place : found)
      add_place(places, fs::path(place).lexically_normal());
    return places;
  }
  for (const fs::path& folder : {script_.folder, fs::path()})
    add_module(places, folder, with_slashes(name));
  return places;
}

std::optional<ScriptModule> ScriptFiles::find_module(lua_State* L, const std::string& name) const {
  for (const std::string& place : module_places(L, name)) {
    if (is_file(place)) return ScriptModule{place, fs::absolute(place).lexically_normal().string()};
  }
  return std::nullopt;
}

std::string ScriptFiles::describe_places(lua_State* L, const std::string& name) const {
  std::vector<std::string> places;
  for (const std::string& place : module_places(L, name))
    places.push_back(fs::path(place).lexically_normal().string());
  return fmt::format("looked for {}{}", fmt::join(places, ", "), hint(L, name));
}

std::string ScriptFiles::hint(lua_State* L, const std::string& name) const {
  for (const std::string_view ending : {".lua", ".js", ".mjs", ".ts"}) {
    if (!name.ends_with(ending)) continue;
    const bool is_lua = ending == ".lua";
    return fmt::format("; {}leave out \"{}\": require \"{}\"",
                       is_lua ? "" : "modules are Lua files here, ", ending,
                       name.substr(0, name.size() - ending.size()));
  }
  if (is_relative(name)) return "";
  std::vector<std::string> beside;
  add_module(beside, folder_of(caller(L)), with_slashes(name));
  if (std::none_of(beside.begin(), beside.end(), is_file)) return "";
  return fmt::format("; what lies beside the file that calls is \"./{}\"", with_slashes(name));
}

std::vector<fs::path> ScriptFiles::file_places(lua_State* L, const fs::path& name) const {
  if (name.is_absolute()) return {name};
  std::vector<std::string> places;
  for (const fs::path& folder : {folder_of(caller(L)), script_.folder, fs::path()})
    add_place(places, folder / name);
  return {places.begin(), places.end()};
}

fs::path ScriptFiles::find(lua_State* L, const fs::path& name) const {
  std::error_code ignored;
  const std::vector<fs::path> places = file_places(L, name);
  const auto found = std::find_if(places.begin(), places.end(), [&](const fs::path& place) {
    return fs::exists(place, ignored);
  });
  return found == places.end() ? name : *found;
}

fs::path ScriptFiles::need(lua_State* L, const fs::path& name) const {
  fs::path path = find(L, name);
  std::error_code ignored;
  if (fs::exists(path, ignored)) return path;
  std::vector<std::string> places;
  for (const fs::path& place : file_places(L, name))
    places.push_back(place.lexically_normal().string());
  throw ConfigError(fmt::format(
      "cannot read {}: {}{}", name.string(), std::strerror(ENOENT),
      places.size() > 1 ? fmt::format("; looked for {}", fmt::join(places, ", ")) : ""));
}

std::string ScriptFiles::explain(std::string_view message) const {
  if (silent_.empty() || message.find("(a boolean value)") == std::string_view::npos) return "";
  return fmt::format(
      "; {} returned nothing, so what require gave is true: end it with \"return M\"",
      fmt::join(silent_, ", "));
}

}  // namespace perigee
