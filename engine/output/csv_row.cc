#include "engine/output/csv_row.h"

#include <algorithm>

#include <fmt/format.h>

namespace perigee {

CsvColumns::CsvColumns(const SystemTags& system_tags)
    : system_tags_(system_tags), names_(system_tags.columns()) {}

std::string CsvColumns::header() const {
  std::string text = "metric_name,timestamp,metric_value,";
  for (std::string_view name : names_)
    (text += name) += ',';
  return text + "extra_tags,metadata\n";
}

std::string CsvColumns::tags(const TagSet& tags) const {
  std::string text = ",";
  for (std::string_view name : names_) {
    const std::string* value = tags.find(name);
    if (value != nullptr) text += csv_field(*value);
    text += ',';
  }
  return text + csv_field(extra_tags(tags)) + ',';
}

// As in k6, a tag named like a system tag that is off has no place.
std::string CsvColumns::extra_tags(const TagSet& tags) const {
  std::string text;
  for (const auto& [key, value] : tags) {
    const bool has_column = std::find(names_.begin(), names_.end(), key) != names_.end();
    if (has_column || system_tags_.drops(key)) continue;
    if (!text.empty()) text += '&';
    text += fmt::format("{}={}", key, value);
  }
  return text;
}

std::string csv_field(std::string_view text) {
  const bool plain = text.find_first_of(",\"\r\n") == std::string_view::npos &&
                     !text.starts_with(' ') && !text.starts_with('\t') && text != "\\.";
  if (plain) return std::string(text);
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace perigee
