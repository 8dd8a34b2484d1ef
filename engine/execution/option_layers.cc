#include "engine/execution/option_layers.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 4> kLoadKeys{"duration", "iterations", "stages", "scenarios"};

bool sets(const OptionLayer& layer, const char* key) {
  const auto found = layer.values.find(key);
  return found != layer.values.end() && !found->is_null();
}

std::string name_of(const OptionLayer& layer, const char* key) {
  const auto named = layer.names.find(key);
  return named == layer.names.end() ? std::string("options.") + key : named->second;
}

// What in the layer replaces the load of the layers below, or nullptr.
const char* replaces_load(const OptionLayer& layer, const OptionLayer& below) {
  for (const char* key : kLoadKeys) {
    if (sets(layer, key)) return key;
  }
  // As in k6, -u alone also replaces scenarios.
  return sets(layer, "vus") && sets(below, "scenarios") ? "vus" : nullptr;
}

// What precedes the keys in names of one place: "script.lua: options."
std::string prefix_of(const std::string& name, const std::string& key) {
  if (!name.ends_with(key)) return "";
  const std::string prefix = name.substr(0, name.size() - key.size());
  return prefix.ends_with('.') || prefix.ends_with(' ') ? prefix : "";
}

}  // namespace

void OptionLayer::set(const std::string& key, json value, std::string name) {
  values[key] = std::move(value);
  names[key] = std::move(name);
}

OptionLayer named_layer(json values, const std::string& where, const std::string& prefix) {
  const JsonReader reader(values, where);  // it must be an object
  OptionLayer layer;
  for (const auto& [key, value] : values.items())
    layer.names[key] = prefix + key;
  layer.values = std::move(values);
  return layer;
}

std::string merge_options(OptionLayer& below, const OptionLayer& layer) {
  std::string warning;
  if (const char* replacing = replaces_load(layer, below)) {
    if (sets(below, "scenarios")) {
      warning =
          fmt::format("{}: replaced by {}", name_of(below, "scenarios"), name_of(layer, replacing));
    }
    for (const char* key : kLoadKeys)
      below.values.erase(key);
  }
  for (const auto& [key, value] : layer.values.items())
    below.values[key] = value;
  for (const auto& [key, name] : layer.names)
    below.names[key] = name;
  return warning;
}

void check_one_load(const JsonReader& options) {
  std::vector<std::string> keys;
  std::vector<std::string> names;
  for (const char* key : kLoadKeys) {
    if (!options.has(key)) continue;
    keys.emplace_back(key);
    names.push_back(options.path(key));
  }
  if (keys.size() <= 1 || keys == std::vector<std::string>{"duration", "iterations"}) return;
  const std::string prefix = prefix_of(names.front(), keys.front());
  for (size_t i = 1; i < names.size(); ++i) {
    if (names[i].starts_with(prefix)) names[i] = names[i].substr(prefix.size());
  }
  throw ConfigError(
      fmt::format("{} can't be set together; keep one of them", fmt::join(names, " and ")));
}

}  // namespace perigee
