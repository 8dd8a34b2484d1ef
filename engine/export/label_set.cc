#include "engine/export/label_set.h"

#include <algorithm>
#include <array>
#include <map>

#include "engine/base/utf8.h"

namespace perigee::exports {
namespace {

// The names that metrics and servers give labels themselves.
constexpr std::array<std::string_view, 3> kReserved{"condition", "le", "quantile"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_valid(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

}  // namespace

std::string label_name(std::string_view tag) {
  std::string name(tag);
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !is_valid(c); }, '_');
  const bool reserved = std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
  if (name.empty() || is_digit(name.front()) || name.starts_with("__") || reserved) {
    name.insert(0, "tag_");
  }
  return name;
}

std::string label_value(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const Utf8Part part = first_utf8_part(text);
    valid += part.valid ? text.substr(0, part.size) : kReplacementCharacter;
    text.remove_prefix(part.size);
  }
  return valid;
}

LabelSet labels_of(const TagSet& tags) {
  std::map<std::string, std::string> labels;
  for (const auto& [key, value] : tags) {
    if (value.empty()) continue;
    const auto [place, is_new] = labels.try_emplace(label_name(key), label_value(value));
    if (!is_new) place->second += ";" + label_value(value);
  }
  return {labels.begin(), labels.end()};
}

}  // namespace perigee::exports
