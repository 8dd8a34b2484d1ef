#include "engine/http/header_fields.h"

#include <algorithm>

namespace perigee::http {

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return to_lower(c); });
  return lower;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::optional<Header> HeaderFields::next() {
  while (!rest_.empty()) {
    std::string_view line = rest_.substr(0, rest_.find('\n'));
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    return Header{trim(line.substr(0, colon)), trim(line.substr(colon + 1))};
  }
  return std::nullopt;
}

std::optional<std::string_view> HeaderFields::next(std::string_view name) {
  while (!rest_.empty()) {
    const std::string_view line = rest_.substr(0, rest_.find('\n'));
    // Where the name ends tells nearly every field apart.
    const bool fits = line.size() > name.size() && line[name.size()] == ':';
    if (fits && same_ignoring_case(line.substr(0, name.size()), name)) return next()->value;
    rest_.remove_prefix(std::min(line.size() + 1, rest_.size()));
  }
  return std::nullopt;
}

std::string joined_fields(std::string_view block, std::string_view name) {
  std::string values;
  HeaderFields fields(block);
  while (const auto value = fields.next(name))
    values.append(values.empty() || value->empty() ? "" : ", ").append(*value);
  return values;
}

std::optional<std::string_view> find_field(std::string_view block, std::string_view name) {
  return HeaderFields(block).next(name);
}

}  // namespace perigee::http
