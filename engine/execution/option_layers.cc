#include "engine/execution/option_layers.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

using nlohmann::json;

constexpr std::array<const char*, 4> kLoadKeys{"duration", "iterations", "stages", "scenarios"};

bool sets(const json& options, const char* key) {
  const auto found = options.find(key);
  return found != options.end() && !found->is_null();
}

}  // namespace

std::string merge_options(json& below, const json& layer) {
  const bool sets_load = std::any_of(kLoadKeys.begin(), kLoadKeys.end(),
                                     [&](const char* key) { return sets(layer, key); });
  // As in k6, -u alone also replaces the script's scenarios.
  const bool replaces = sets_load || (sets(layer, "vus") && sets(below, "scenarios"));
  std::string warning;
  if (replaces) {
    if (sets(below, "scenarios"))
      warning = "the script's scenarios are replaced by those of the flags";
    for (const char* key : kLoadKeys)
      below.erase(key);
  }
  for (const auto& [key, value] : layer.items())
    below[key] = value;
  return warning;
}

void check_one_load(const json& options) {
  std::vector<std::string> set;
  for (const char* key : kLoadKeys) {
    if (sets(options, key)) set.emplace_back(key);
  }
  if (set.size() <= 1 || set == std::vector<std::string>{"duration", "iterations"}) return;
  throw ConfigError(
      fmt::format("options: {} can't be set together; keep one of them", fmt::join(set, " and ")));
}

}  // namespace perigee
