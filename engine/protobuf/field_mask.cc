#include "engine/protobuf/field_mask.h"

namespace perigee::protobuf {
namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

constexpr char kCase = 'a' - 'A';

}  // namespace

std::string json_path_of(std::string_view path) {
  std::string json;
  for (size_t i = 0; i < path.size(); ++i) {
    if (path[i] != '_') {
      if (is_upper(path[i])) return std::string(path);
      json += path[i];
    } else if (i + 1 < path.size() && is_lower(path[i + 1])) {
      json += static_cast<char>(path[++i] - kCase);
    } else {
      return std::string(path);
    }
  }
  return json;
}

std::string path_of_json(std::string_view json_path) {
  if (json_path.find('_') != std::string_view::npos) return std::string(json_path);
  std::string path;
  for (const char c : json_path) {
    if (is_upper(c)) path += '_';
    path += is_upper(c) ? static_cast<char>(c + kCase) : c;
  }
  return path;
}

}  // namespace perigee::protobuf
