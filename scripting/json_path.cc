#include "scripting/json_path.h"

#include "engine/base/json_parse.h"
#include "scripting/json_codec.h"
#include "scripting/json_path_step.h"

namespace perigee {

JsonPath::~JsonPath() = default;
JsonPath::JsonPath(JsonPath&&) noexcept = default;
JsonPath& JsonPath::operator=(JsonPath&&) noexcept = default;

std::optional<JsonPath::Document> JsonPath::find(const Document& document) const {
  const auto walk_all = [](const Document& at, const Steps& steps) {
    return walk(at, steps.data(), steps.data() + steps.size());
  };
  std::optional<Document> found = walk_all(document, pipes_.front());
  for (size_t i = 1; i < pipes_.size() && found; ++i)
    found = walk_all(*found, pipes_[i]);
  return found;
}

std::optional<JsonPath::Document> JsonPath::walk(const Document& at, const Step* step,
                                                 const Step* end) {
  if (step == end) return at;
  if (at.is_array()) return walk_array(at, step, end);
  if (!at.is_object() || step->query) return std::nullopt;
  for (const auto& member : at.items()) {
    if (!step->matches(member.key())) continue;
    // A wildcard that led nowhere may fit another key.
    if (auto found = walk(member.value(), step + 1, end)) return found;
  }
  return std::nullopt;
}

std::optional<JsonPath::Document> JsonPath::walk_array(const Document& array, const Step* step,
                                                       const Step* end) {
  if (step->index) {
    if (*step->index >= array.size()) return std::nullopt;
    return walk(array[*step->index], step + 1, end);
  }
  const bool all = step->each || (step->query && step->query->all);
  if (!all && !step->query) return std::nullopt;
  if (step->each && step + 1 == end) return Document(array.size());
  Document gathered = Document::array();
  for (const Document& element : array) {
    if (step->query && !step->query->holds_for(element)) continue;
    auto found = walk(element, step + 1, end);
    if (!all) return found;
    if (found) gathered.push_back(std::move(*found));
  }
  if (!all) return std::nullopt;
  return gathered;
}

void push_json_path(lua_State* L, std::string_view text, std::string_view path) {
  const JsonPath parsed(path);
  std::optional<JsonPath::Document> found;
  try {
    found = parsed.find(parse_ordered_json(text));
  } catch (const JsonError&) {
    found.reset();
  }
  if (found) {
    push_json(L, *found);
  } else {
    lua_pushnil(L);
  }
}

}  // namespace perigee
