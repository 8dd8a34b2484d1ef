// JSON for people: a text that is on one line, spread over several.
#pragma once

#include <string>
#include <string_view>

namespace perigee {

// Each member and each element on a line of its own, `width` blanks further in than what it is in,
// as JavaScript's JSON.stringify does with a third argument. `compact` is JSON without white space
// outside of its strings.
std::string indent_json(std::string_view compact, int width);

}  // namespace perigee
