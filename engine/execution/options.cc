#include "engine/execution/options.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/base/config_error.h"
#include "engine/base/json_text.h"
#include "engine/execution/json_reader.h"
#include "engine/execution/name_reader.h"
#include "engine/execution/net_options_reader.h"
#include "engine/execution/option_keys.h"
#include "engine/execution/option_layers.h"
#include "engine/execution/scenario_json.h"
#include "engine/execution/scenario_reader.h"
#include "engine/execution/threshold_reader.h"
#include "engine/execution/tls_options_reader.h"

namespace perigee {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

constexpr std::array<std::string_view, 3> kTimeUnits{"s", "ms", "us"};
void read_times(const JsonReader& reader, Options& options) {
  reader.read("setupTimeout", options.setup_timeout, 1ms);
  reader.read("teardownTimeout", options.teardown_timeout, 1ms);
  reader.read("handleSummaryTimeout", options.handle_summary_timeout, 1ms);
  reader.read("minIterationDuration", options.min_iteration_duration, 0s);
  reader.read("noSetup", options.no_setup);
  reader.read("noTeardown", options.no_teardown);
  reader.read("linger", options.linger);
}

constexpr Names<http::HttpDebugLevel, 2> kHttpDebugLevels{
    {{"headers", http::HttpDebugLevel::kHeaders}, {"full", http::HttpDebugLevel::kFull}}};

constexpr Names<NoSamples, 2> kNoSamples{{{"pass", NoSamples::kPass}, {"fail", NoSamples::kFail}}};

http::HttpOptions read_http_options(const JsonReader& reader) {
  http::HttpOptions http;
  reader.read("maxRedirects", http.max_redirects, 0);
  reader.read("batch", http.batch, 0);
  reader.read("batchPerHost", http.batch_per_host, 0);
  reader.read("rps", http.rps, 0);
  reader.read("userAgent", http.user_agent);
  reader.read("noConnectionReuse", http.no_connection_reuse);
  reader.read("noVUConnectionReuse", http.no_vu_connection_reuse);
  reader.read("throw", http.throws);
  reader.read("discardResponseBodies", http.discard_response_bodies);
  reader.read("noCookiesReset", http.no_cookies_reset);
  reader.read("traceparent", http.traceparent);
  read_name(reader, "httpDebug", kHttpDebugLevels, http.debug);
  return http;
}

bool is_trend_stat(const Aggregate& stat) {
  return stat.kind != Aggregate::Kind::kRate && stat.kind != Aggregate::Kind::kValue;
}

std::vector<Aggregate> read_trend_stats(const JsonReader& reader) {
  std::vector<std::string> texts;
  reader.read("summaryTrendStats", texts);
  std::vector<Aggregate> stats;
  for (const std::string& text : texts) {
    const auto stat = parse_aggregate(text);
    if (!stat || !is_trend_stat(*stat)) {
      reader.fail("summaryTrendStats",
                  fmt::format("\"{}\" is none of avg, min, med, max, count, p(N)", text));
    }
    stats.push_back(*stat);
  }
  return stats;
}

void read_time_unit(const JsonReader& reader, std::string& unit) {
  reader.read("summaryTimeUnit", unit);
  if (unit.empty()) return;
  if (std::find(kTimeUnits.begin(), kTimeUnits.end(), unit) == kTimeUnits.end()) {
    reader.fail("summaryTimeUnit", fmt::format("\"{}\" is none of s, ms, us", unit));
  }
}

// A part of a metric that the summary is to show is one with no thresholds on it.
void add_submetrics(const JsonReader& reader, std::vector<ThresholdDefinition>& thresholds) {
  std::vector<std::string> selectors;
  reader.read("submetrics", selectors);
  for (std::string& selector : selectors) {
    const bool known =
        std::any_of(thresholds.begin(), thresholds.end(),
                    [&](const ThresholdDefinition& other) { return other.selector == selector; });
    if (!known) thresholds.push_back({std::move(selector), {}, "submetrics"});
  }
}

SystemTags read_system_tags(const JsonReader& reader) {
  if (!reader.has("systemTags")) return {};
  std::vector<std::string> names;
  reader.read("systemTags", names);
  try {
    return SystemTags(names);
  } catch (const ConfigError& error) {
    reader.fail("systemTags", error.what());
  }
}

ExecutionSegment read_segment(const JsonReader& reader) {
  std::string segment;
  std::string sequence;
  reader.read("executionSegment", segment);
  reader.read("executionSegmentSequence", sequence);
  try {
    return {segment, sequence};
  } catch (const ConfigError& error) {
    // It calls them by their keys; the place that sets them may call them otherwise.
    const std::string what = error.what();
    for (const char* key : {"executionSegment", "executionSegmentSequence"}) {
      const std::string own = fmt::format("options.{}: ", key);
      if (what.starts_with(own)) reader.fail(key, what.substr(own.size()));
    }
    throw;
  }
}

// Instances that draw seeds of their own would have no arrivals in common.
void check_seeds(const json& options) {
  if (!options.contains("scenarios")) return;
  for (const auto& [name, scenario] :
       scenario_entries(options.at("scenarios"), "options.scenarios")) {
    if (scenario.value("arrival", "") != "poisson" || scenario.contains("seed")) continue;
    throw ConfigError(
        fmt::format("options.scenarios.{}.seed: is missing: instances that run segments of one "
                    "test need the same, e.g. 42",
                    name));
  }
}

// What k6 needs and perigee has no use for.
void read_useless(const JsonReader& reader, std::vector<std::string>& warnings) {
  bool no_usage_report = false;
  reader.read("noUsageReport", no_usage_report);  // nothing is ever reported
  int64_t buffer = 0;
  reader.read("metricSamplesBufferSize", buffer, 0);
  if (reader.has("metricSamplesBufferSize")) {
    warnings.push_back(reader.path("metricSamplesBufferSize") +
                       ": samples are added up where they are made; there is no such buffer");
  }
  if (reader.has("vus") && reader.has("scenarios")) {
    warnings.push_back(reader.path("vus") +
                       ": does nothing beside scenarios, which name their VUs");
  }
}

std::string consolidated(json merged, const std::vector<Scenario>& scenarios) {
  for (const char* shortcut : {"vus", "duration", "iterations", "stages"})
    merged.erase(shortcut);
  merged["scenarios"] = json::object();
  for (const Scenario& scenario : scenarios)
    merged["scenarios"][scenario.name] = to_json(scenario);
  return json_text(merged);
}

}  // namespace

Options parse_options(const json& merged, const ValueNames& names) {
  const JsonReader reader(merged, "options", names);
  check_option_keys(reader);
  check_one_load(reader);
  Options options;
  options.scenarios = reader.has("scenarios")
                          ? read_scenarios(merged.at("scenarios"), reader.path("scenarios"))
                          : std::vector{shortcut_scenario(reader)};
  options.thresholds = read_thresholds(reader);
  read_name(reader, "thresholdNoSamples", kNoSamples, options.threshold_no_samples);
  reader.read("failOnErrors", options.fail_on_errors);
  reader.read("tags", options.tags);
  options.segment = read_segment(reader);
  if (!options.segment.is_whole()) check_seeds(merged);
  read_times(reader, options);
  options.http = read_http_options(reader);
  options.net = read_net_options(reader);
  options.net.tls = read_tls_options(reader);
  options.summary_trend_stats = read_trend_stats(reader);
  read_time_unit(reader, options.summary_time_unit);
  options.system_tags = read_system_tags(reader);
  add_submetrics(reader, options.thresholds);
  reader.read("out", options.outputs);
  read_useless(reader, options.warnings);
  options.json = consolidated(merged, options.scenarios);
  return options;
}

}  // namespace perigee
