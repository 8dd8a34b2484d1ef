// Paths into JSON documents in gjson's syntax: "models.0.name", "models.#(ready==true)#.name".
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "scripting/lua.h"

namespace perigee {

// A parsed path. Its components are joined by `.`: keys with the wildcards * and ?, indexes of
// arrays from 0, `#` (the length; before a further component: each element), `#(key==value)` (the
// first element for which it holds), `#(key==value)#` (all of them). `\` takes a character as it
// is. `|` is a `.` that applies what follows to what was gathered, not to each element. A query
// compares strings, numbers and booleans; null, arrays and objects fit none. Immutable.
class JsonPath {
 public:
  using Document = nlohmann::ordered_json;  // the order of keys decides what a wildcard meets first

  // Throws std::runtime_error for a path that is none, and for what gjson has beyond this:
  // modifiers, multipaths, literals, JSON lines.
  explicit JsonPath(std::string_view text);
  ~JsonPath();
  JsonPath(const JsonPath&) = delete;
  JsonPath& operator=(const JsonPath&) = delete;
  JsonPath(JsonPath&&) noexcept;
  JsonPath& operator=(JsonPath&&) noexcept;

  // What the document has at the path; nothing if it has nothing there.
  std::optional<Document> find(const Document& document) const;

 private:
  friend class JsonPathParser;
  struct Step;
  struct Query;
  using Steps = std::vector<Step>;  // joined by `.`

  static std::optional<Document> walk(const Document& at, const Step* step, const Step* end);
  static std::optional<Document> walk_array(const Document& array, const Step* step,
                                            const Step* end);

  std::vector<Steps> pipes_;  // joined by `|`
};

// Pushes what a JSON text has at the path: nil where it has nothing, and for a text that is not
// JSON. Throws std::runtime_error if the path is none.
void push_json_path(lua_State* L, std::string_view text, std::string_view path);

}  // namespace perigee
