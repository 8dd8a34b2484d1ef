#include "scripting/data/json_array.h"

#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/json_parse.h"
#include "scripting/json_codec.h"
#include "scripting/lua_state.h"
#include "scripting/script.h"

namespace perigee {
namespace {

constexpr std::string_view kBlank = " \t\r\n";
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

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
  if (text.starts_with(kByteOrderMark)) text.erase(0, kByteOrderMark.size());
  try {
    check_json(text);
  } catch (const JsonError& error) {
    throw ConfigError(fmt::format("{}: not JSON: {}", path.string(), error.what()));
  }
  if (text[text.find_first_not_of(kBlank)] != '[') {
    throw ConfigError(fmt::format(
        "{}: a shared array needs a JSON array, [...]; for other values use json.decode(open(...))",
        path.string()));
  }
  return std::make_unique<JsonArray>(std::move(text));
}

}  // namespace perigee
