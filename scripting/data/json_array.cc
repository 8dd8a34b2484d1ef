#include "scripting/data/json_array.h"

#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/script.h"

namespace perigee {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

// Positions after the outermost "[" and ",", and after the last "]", of a valid JSON array.
std::vector<size_t> index_elements(std::string_view text) {
  std::vector<size_t> begins;
  int depth = 0;
  bool quoted = false;
  bool empty = true;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
      continue;
    }
    if (c == ']' || c == '}') --depth;
    if ((c == '[' && depth == 0) || (c == ',' && depth == 1) || (c == ']' && depth == 0)) {
      begins.push_back(i + 1);
    } else if (kBlank.find(c) == std::string_view::npos) {
      empty = false;
    }
    if (c == '[' || c == '{') ++depth;
    quoted = c == '"';
  }
  if (empty) begins.pop_back();
  return begins;
}

// Throws std::runtime_error saying what is wrong where. Nothing of the text is kept meanwhile.
void check_json(std::string_view text) {
  using Json = nlohmann::json;
  try {
    [[maybe_unused]] const Json nothing =
        Json::parse(text, [](int, Json::parse_event_t, Json&) { return false; });
  } catch (const Json::exception& error) {
    const std::string message = error.what();
    throw std::runtime_error("not JSON: " + message.substr(message.find("] ") + 2));
  }
}

}  // namespace

JsonArray::JsonArray(std::string text) : text_(std::move(text)), begins_(index_elements(text_)) {
  text_.shrink_to_fit();
  begins_.shrink_to_fit();
}

void JsonArray::push(lua_State* L, size_t index) const {
  const size_t begin = begins_[index];
  decode_json(L, std::string_view(text_).substr(begin, begins_[index + 1] - 1 - begin));
}

std::unique_ptr<SharedArray> read_json_array(const std::filesystem::path& path) {
  std::string text = read_file(path);
  const size_t first = text.find_first_not_of(kBlank);
  try {
    check_json(text);
  } catch (const std::runtime_error& error) {
    throw ConfigError(fmt::format("{}: {}", path.string(), error.what()));
  }
  if (text[first] != '[') {
    throw ConfigError(fmt::format(
        "{}: a shared array needs a JSON array, [...]; for other values use json.decode(open(...))",
        path.string()));
  }
  return std::make_unique<JsonArray>(std::move(text));
}

std::unique_ptr<SharedArray> copy_lua_list(lua_State* L, int index) {
  if (!lua_istable(L, index)) {
    throw std::runtime_error(
        fmt::format("its function must return a list, got a {}", luaL_typename(L, index)));
  }
  std::string text;
  encode_json(L, index, text);
  if (text == "{}") text = "[]";
  if (text.front() != '[') {
    throw std::runtime_error("its function must return a list, got a table with named keys");
  }
  return std::make_unique<JsonArray>(std::move(text));
}

}  // namespace perigee
