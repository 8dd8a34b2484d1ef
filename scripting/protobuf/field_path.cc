#include "scripting/protobuf/field_path.h"

#include <fmt/format.h>

namespace perigee {

std::string path_text(const FieldStep* last) {
  if (last == nullptr) return "";
  std::string path = path_text(last->before);
  if (last->position > 0) return path + fmt::format("[{}]", last->position);
  if (last->field.empty()) return path + fmt::format("[\"{}\"]", last->key);
  if (!path.empty()) path += '.';
  return path.append(last->field);
}

}  // namespace perigee
