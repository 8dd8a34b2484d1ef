#include "engine/execution/options.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/execution/json_reader.h"
#include "engine/execution/scenario_reader.h"

namespace perigee {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::array<const char*, 4> kLoadKeys{"duration", "iterations", "stages", "scenarios"};

constexpr std::array<std::string_view, 12> kKeys{
    "vus",        "duration",   "iterations",   "scenarios",
    "thresholds", "tags",       "setupTimeout", "teardownTimeout",
    "noSetup",    "noTeardown", "userAgent",    "summaryTrendStats"};

// Options of k6 that this version does not act on: refused rather than silently ignored.
constexpr std::array<std::string_view, 33> kLaterKeys{"stages",
                                                      "executionSegment",
                                                      "executionSegmentSequence",
                                                      "paused",
                                                      "maxRedirects",
                                                      "batch",
                                                      "batchPerHost",
                                                      "rps",
                                                      "httpDebug",
                                                      "insecureSkipTLSVerify",
                                                      "noConnectionReuse",
                                                      "noVUConnectionReuse",
                                                      "minIterationDuration",
                                                      "throw",
                                                      "blacklistIPs",
                                                      "blockHostnames",
                                                      "summaryTimeUnit",
                                                      "systemTags",
                                                      "discardResponseBodies",
                                                      "dns",
                                                      "handleSummaryTimeout",
                                                      "hosts",
                                                      "tlsAuth",
                                                      "tlsVersion",
                                                      "tlsCipherSuites",
                                                      "noCookiesReset",
                                                      "metricSamplesBufferSize",
                                                      "ext",
                                                      "cloud",
                                                      "webDashboard",
                                                      "linger",
                                                      "localIPs",
                                                      "out"};

void check_keys(const json& options) {
  for (const auto& [key, value] : options.items()) {
    if (std::find(kKeys.begin(), kKeys.end(), key) != kKeys.end()) continue;
    if (std::find(kLaterKeys.begin(), kLaterKeys.end(), key) != kLaterKeys.end()) {
      throw ConfigError(
          fmt::format("options.{}: k6 has this option, this version does not; remove it", key));
    }
    throw ConfigError(
        fmt::format("options: there is no option \"{}\"{}", key, did_you_mean(key, kKeys)));
  }
}

void check_one_load(const json& options) {
  std::vector<std::string> set;
  for (const char* key : kLoadKeys) {
    if (options.contains(key) && !options[key].is_null()) set.emplace_back(key);
  }
  if (set.size() <= 1 || set == std::vector<std::string>{"duration", "iterations"}) return;
  throw ConfigError(
      fmt::format("options: {} can't be set together; keep one of them", fmt::join(set, " and ")));
}

Threshold read_threshold(const json& item, const std::string& where) {
  if (item.is_string()) return parse_threshold(item.get<std::string>());
  const JsonReader reader(item, where);
  constexpr std::array<std::string_view, 3> kThresholdKeys{"threshold", "abortOnFail",
                                                           "delayAbortEval"};
  reader.allow_only(kThresholdKeys);
  reader.require("threshold", "write the expression here, e.g. \"p(95)<200\"");
  std::string source;
  reader.read("threshold", source);
  Threshold threshold = parse_threshold(source);
  reader.read("abortOnFail", threshold.abort_on_fail);
  reader.read("delayAbortEval", threshold.delay_abort_eval, 0s);
  return threshold;
}

// A string stands for a list of one; an empty Lua table, an object in JSON, for an empty list.
std::vector<Threshold> read_threshold_list(const json& list, const std::string& where) {
  if (list.is_string() || list.contains("threshold")) return {read_threshold(list, where)};
  if (list.is_object() && list.empty()) return {};
  if (!list.is_array()) {
    throw ConfigError(fmt::format("{}: must be a list of expressions, got {}", where, list.dump()));
  }
  std::vector<Threshold> result;
  for (const json& item : list)
    result.push_back(read_threshold(item, where));
  return result;
}

std::vector<ThresholdDefinition> read_thresholds(const JsonReader& reader) {
  std::vector<ThresholdDefinition> result;
  if (!reader.has("thresholds")) return result;
  const json& thresholds = reader.at("thresholds");
  if (!thresholds.is_object()) reader.fail("thresholds", "must be a table from metric to list");
  for (const auto& [selector, list] : thresholds.items()) {
    result.push_back(
        {selector, read_threshold_list(list, "options.thresholds[\"" + selector + "\"]")});
  }
  return result;
}

bool is_trend_stat(const Aggregate& stat) {
  return stat.kind != Aggregate::Kind::kRate && stat.kind != Aggregate::Kind::kValue;
}

void read_trend_stats(const JsonReader& reader, std::vector<Aggregate>& stats) {
  if (!reader.has("summaryTrendStats")) return;
  const json& list = reader.at("summaryTrendStats");
  if (!list.is_array())
    reader.fail("summaryTrendStats", "must be a list like {\"avg\", \"p(95)\"}");
  for (const json& item : list) {
    const std::string text = item.is_string() ? item.get<std::string>() : item.dump();
    const auto stat = parse_aggregate(text);
    if (!stat || !is_trend_stat(*stat)) {
      reader.fail("summaryTrendStats",
                  fmt::format("\"{}\" is none of avg, min, med, max, count, p(N)", text));
    }
    stats.push_back(*stat);
  }
}

}  // namespace

std::string merge_options(json& below, const json& layer) {
  const auto sets = [](const json& options, const char* key) {
    return options.contains(key) && !options[key].is_null();
  };
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

Options parse_options(const json& merged) {
  const JsonReader reader(merged, "options");
  check_keys(merged);
  check_one_load(merged);
  Options options;
  options.scenarios = reader.has("scenarios") ? read_scenarios(merged.at("scenarios"))
                                              : std::vector{shortcut_scenario(merged)};
  options.thresholds = read_thresholds(reader);
  reader.read("tags", options.tags);
  reader.read("setupTimeout", options.setup_timeout, 1ms);
  reader.read("teardownTimeout", options.teardown_timeout, 1ms);
  reader.read("noSetup", options.no_setup);
  reader.read("noTeardown", options.no_teardown);
  reader.read("userAgent", options.user_agent);
  read_trend_stats(reader, options.summary_trend_stats);
  return options;
}

}  // namespace perigee
