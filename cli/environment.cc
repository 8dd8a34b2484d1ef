#include "cli/environment.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/setting.h"
#include "cli/setting_text.h"
#include "engine/base/config_error.h"
#include "engine/base/suggest.h"

extern char** environ;

namespace perigee {
namespace {

constexpr std::array<std::string_view, 2> kPrefixes{"PERIGEE_", "K6_"};
// Variables that outputs read for themselves.
constexpr std::string_view kOfOutputs[] = {"CSV_", "INFLUXDB_", "OTEL_", "PROMETHEUS_"};

bool is_of_outputs(std::string_view name) {
  return std::any_of(std::begin(kOfOutputs), std::end(kOfOutputs),
                     [name](std::string_view prefix) { return name.starts_with(prefix); });
}

void check_refused(const Environment& environment) {
  for (const RefusedSetting& refused : refused_settings()) {
    const auto variable = find_variable(environment, refused.variable);
    if (!variable || variable->value == "false" || variable->value == refused.harmless) continue;
    if (find_variable(environment, refused.harmless_beside)) continue;
    throw ConfigError(fmt::format("{}: {}; unset it", variable->name, refused.why));
  }
}

// Without their prefix, in alphabetical order.
std::vector<std::string_view> known_variables() {
  std::set<std::string_view> known;
  for (const SettingGroup& group : setting_groups()) {
    for (const Setting& setting : group.settings)
      known.insert(setting.variable);
  }
  known.erase("");
  return {known.begin(), known.end()};
}

std::vector<std::string_view> refused_variables() {
  std::vector<std::string_view> names;
  for (const RefusedSetting& refused : refused_settings()) {
    if (!refused.variable.empty()) names.push_back(refused.variable);
  }
  return names;
}

bool has(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const size_t equals = text.find('=');
    if (equals != std::string::npos) environment[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return environment;
}

std::optional<Variable> find_variable(const Environment& environment, std::string_view name) {
  if (name.empty()) return std::nullopt;
  for (const std::string_view prefix : kPrefixes) {
    std::string full = fmt::format("{}{}", prefix, name);
    const auto found = environment.find(full);
    if (found == environment.end() || found->second.empty()) continue;
    return Variable{std::move(full), found->second};
  }
  return std::nullopt;
}

std::map<std::string, Variable> find_variables(const Environment& environment,
                                               std::string_view prefix) {
  std::map<std::string, Variable> found;
  for (const auto& [variable, text] : environment) {
    for (const std::string_view begin : kPrefixes) {
      if (!variable.starts_with(begin)) continue;
      const std::string name = variable.substr(begin.size());
      if (!name.starts_with(prefix)) continue;
      if (auto used = find_variable(environment, name)) found.insert_or_assign(name, *used);
    }
  }
  return found;
}

WrittenSettings settings_of_environment(const Environment& environment) {
  check_refused(environment);
  WrittenSettings written;
  for (const SettingGroup& group : setting_groups()) {
    OptionLayer& layer = group.options ? written.options : written.command;
    for (const Setting& setting : group.settings) {
      const auto variable = find_variable(environment, setting.variable);
      if (!variable) continue;
      layer.set(std::string(setting.key),
                value_of_variable(setting, variable->value, variable->name), variable->name);
    }
  }
  return written;
}

std::vector<std::string> misspelt_variables(const Environment& environment) {
  const std::vector<std::string_view> names = known_variables();
  const std::vector<std::string_view> refused = refused_variables();
  std::vector<std::string> warnings;
  for (const auto& [variable, text] : environment) {
    for (const std::string_view prefix : kPrefixes) {
      if (!variable.starts_with(prefix)) continue;
      const std::string_view name = std::string_view(variable).substr(prefix.size());
      if (has(names, name) || has(refused, name) || is_of_outputs(name)) continue;
      const std::string_view meant = closest(name, names, refused);
      if (meant.empty()) continue;
      warnings.push_back(fmt::format("{}: there is no such setting (did you mean \"{}{}\"?)",
                                     variable, prefix, meant));
    }
  }
  return warnings;
}

}  // namespace perigee
