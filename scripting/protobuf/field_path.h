// Where in a message something is: `inputs[2].shape`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace perigee {

// One step from a message to a part of it. Steps lie on the stack of the code that takes them, each
// referring to the one before.
struct FieldStep {
  static FieldStep to_field(std::string_view name) { return {nullptr, name, 0, {}}; }
  static FieldStep to_position(size_t position) { return {nullptr, {}, position, {}}; }
  static FieldStep to_key(std::string_view key) { return {nullptr, {}, 0, key}; }

  const FieldStep* before;
  std::string_view field;  // empty for an element of the list or map before
  size_t position;         // in a list, from 1
  std::string_view key;    // of a map, where there is no position
};

// Empty for the message itself.
std::string path_text(const FieldStep* last);

}  // namespace perigee
