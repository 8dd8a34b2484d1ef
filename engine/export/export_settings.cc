#include "engine/export/export_settings.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/duration.h"
#include "engine/base/suggest.h"
#include "engine/http/header_fields.h"

namespace perigee::exports {

std::optional<Variable> ExportSettings::find(std::string_view name) const {
  return variables_(fmt::format("{}{}", prefix_, name));
}

std::string ExportSettings::where(std::string_view name) const {
  const auto variable = find(name);
  return variable ? variable->name : fmt::format("PERIGEE_{}{}", prefix_, name);
}

void ExportSettings::refuse(std::string_view name, std::string_view why) const {
  throw ConfigError(fmt::format("{}: {}", where(name), why));
}

std::string ExportSettings::text(std::string_view name, std::string_view otherwise) const {
  const auto variable = find(name);
  return variable ? variable->value : std::string(otherwise);
}

bool ExportSettings::flag(std::string_view name, bool otherwise) const {
  if (!has(name)) return otherwise;
  const std::string value = http::to_lower(text(name));
  constexpr std::array<std::string_view, 3> kTrue{"true", "1", "t"};
  constexpr std::array<std::string_view, 3> kFalse{"false", "0", "f"};
  if (std::find(kTrue.begin(), kTrue.end(), value) != kTrue.end()) return true;
  if (std::find(kFalse.begin(), kFalse.end(), value) != kFalse.end()) return false;
  refuse(name, fmt::format("must be true or false, got \"{}\"", text(name)));
}

Duration ExportSettings::duration(std::string_view name, Duration otherwise) const {
  if (!has(name)) return otherwise;
  const auto duration = parse_duration(text(name));
  if (duration && *duration > Duration{}) return *duration;
  refuse(name, fmt::format("must be a duration like \"5s\", got \"{}\"", text(name)));
}

ExportSettings::Headers ExportSettings::headers(std::string_view name, char separator) const {
  Headers headers;
  const std::string list = text(name);
  for (std::string_view rest = list; !rest.empty();) {
    const std::string_view entry = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    if (http::trim(entry).empty()) continue;
    const size_t end = entry.find(separator);
    if (end == std::string_view::npos || http::trim(entry.substr(0, end)).empty()) {
      refuse(name, fmt::format("must look like name{0}value,name{0}value", separator));
    }
    headers.emplace_back(http::trim(entry.substr(0, end)), http::trim(entry.substr(end + 1)));
  }
  return headers;
}

ExportSettings::Headers ExportSettings::headers_beginning(std::string_view name) const {
  Headers headers;
  const std::string prefix = fmt::format("{}{}", prefix_, name);
  for (const auto& [variable, found] : beginning_(prefix))
    headers.emplace_back(variable.substr(prefix.size()), found.value);
  return headers;
}

std::string ExportSettings::choice(std::string_view name, std::span<const std::string_view> choices,
                                   std::string_view otherwise) const {
  const std::string value = http::to_lower(text(name, otherwise));
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return value;
  refuse(name, fmt::format("\"{}\" is none of {}{}", text(name), fmt::join(choices, ", "),
                           did_you_mean(value, choices)));
}

std::vector<std::string> ExportSettings::unknown(std::span<const std::string_view> names) const {
  std::vector<std::string> warnings;
  for (const auto& [variable, found] : beginning_(prefix_)) {
    const std::string_view name = std::string_view(variable).substr(prefix_.size());
    const bool known = std::any_of(names.begin(), names.end(), [name](std::string_view one) {
      return one.ends_with('_') ? name.starts_with(one) : name == one;
    });
    if (known) continue;
    warnings.push_back(
        fmt::format("{}: there is no such setting{}", found.name, did_you_mean(name, names)));
  }
  return warnings;
}

}  // namespace perigee::exports
