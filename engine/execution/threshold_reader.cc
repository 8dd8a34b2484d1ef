#include "engine/execution/threshold_reader.h"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/json_text.h"

namespace perigee {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

Threshold parse(const std::string& source, const std::string& where) {
  try {
    return parse_threshold(source);
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", where, error.what()));
  }
}

Threshold read_threshold(const json& item, const std::string& where) {
  if (item.is_string()) return parse(item.get<std::string>(), where);
  const JsonReader reader(item, where);
  constexpr std::array<std::string_view, 3> kThresholdKeys{"threshold", "abortOnFail",
                                                           "delayAbortEval"};
  reader.allow_only(kThresholdKeys);
  reader.require("threshold", "write the expression here, e.g. \"p(95)<200\"");
  std::string source;
  reader.read("threshold", source);
  Threshold threshold = parse(source, where);
  reader.read("abortOnFail", threshold.abort_on_fail);
  reader.read("delayAbortEval", threshold.delay_abort_eval, 0s);
  return threshold;
}

// A string stands for a list of one; an empty Lua table, an object in JSON, for an empty list.
std::vector<Threshold> read_list(const json& list, const std::string& where) {
  if (list.is_string() || list.contains("threshold")) return {read_threshold(list, where)};
  if (list.is_object() && list.empty()) return {};
  if (!list.is_array()) {
    throw ConfigError(
        fmt::format("{}: must be a list of expressions, got {}", where, json_text(list)));
  }
  std::vector<Threshold> result;
  for (const json& item : list)
    result.push_back(read_threshold(item, where));
  return result;
}

}  // namespace

std::vector<ThresholdDefinition> read_thresholds(const JsonReader& options) {
  std::vector<ThresholdDefinition> result;
  if (!options.has("thresholds")) return result;
  const json& thresholds = options.at("thresholds");
  if (thresholds.is_array() && thresholds.empty()) return result;
  if (!thresholds.is_object()) options.fail("thresholds", "must be a table from metric to list");
  for (const auto& [selector, list] : thresholds.items()) {
    result.push_back(
        {selector, read_list(list, options.path("thresholds") + "[\"" + selector + "\"]")});
  }
  return result;
}

}  // namespace perigee
