#include "engine/output/summary_blocks.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace perigee {
namespace {

constexpr std::string_view kSeparator = "::";

struct Measured {
  ValueKind contains = ValueKind::kDefault;
  Sink sink;
};

// A block while it is put together.
struct Part {
  explicit Part(std::string_view part_name) : name(part_name) {}

  std::string name;
  std::map<std::string, Measured> metrics;
  std::vector<SummaryCheck> checks;
  std::vector<Part> groups;
};

Part& part_named(std::vector<Part>& parts, std::string_view name) {
  const auto found =
      std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.name == name; });
  return found != parts.end() ? *found : parts.emplace_back(name);
}

void add_check(Part& part, const std::string& name, const RateTotal& rate) {
  auto found = std::find_if(part.checks.begin(), part.checks.end(),
                            [&](const SummaryCheck& check) { return check.name == name; });
  if (found == part.checks.end()) {
    part.checks.push_back({.name = name, .path = {}, .passes = 0, .fails = 0});
    found = std::prev(part.checks.end());
  }
  found->passes += rate.nonzero;
  found->fails += rate.total - rate.nonzero;
}

void add_series(Part& part, const Metric& metric, const SeriesTotal& series) {
  Measured& measured =
      part.metrics.try_emplace(metric.name, Measured{metric.contains, Sink(metric.kind)})
          .first->second;
  measured.sink.merge(series.sink);
  const std::string* check = series.tags->find("check");
  if (metric.name == "checks" && check != nullptr) add_check(part, *check, series.sink.rate());
}

// The group that a path names below the part; the part itself if it names none.
Part& group_of(Part& part, std::string_view path) {
  Part* group = &part;
  while (path.size() > kSeparator.size()) {
    path.remove_prefix(kSeparator.size());
    const std::string_view name = path.substr(0, path.find(kSeparator));
    path.remove_prefix(name.size());
    group = &part_named(group->groups, name);
  }
  return *group;
}

// As the whole run has them, whatever was measured.
void add_fixed_rows(Part& part, const MetricRegistry& registry) {
  for (const Metric& metric : registry) {
    if (!is_always_shown(metric.name)) continue;
    part.metrics.try_emplace(metric.name, Measured{metric.contains, Sink(metric.kind)});
  }
}

std::vector<SummaryBlock> finish(const std::vector<Part>& parts, const SummarySettings& settings) {
  std::vector<SummaryBlock> blocks;
  for (const Part& part : parts) {
    SummaryBlock block{part.name, {}, part.checks, finish(part.groups, settings)};
    for (const auto& [name, measured] : part.metrics) {
      block.metrics.push_back(
          {.name = name,
           .kind = measured.sink.kind(),
           .contains = measured.contains,
           .no_samples = measured.sink.empty(),
           .values = summary_values(measured.sink, settings.load_seconds, settings.trend_stats)});
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

std::string_view tag_of(const SeriesTotal& series, std::string_view key) {
  const std::string* value = series.tags->find(key);
  return value == nullptr ? std::string_view() : std::string_view(*value);
}

}  // namespace

SummaryBlocks make_blocks(const Aggregator& aggregator, const SummarySettings& settings) {
  Part run("");
  std::vector<Part> scenarios;
  for (const SeriesTotal& series : aggregator.series()) {
    const Metric& metric = aggregator.registry().at(series.metric);
    const std::string_view scenario = tag_of(series, "scenario");
    const std::string_view group = tag_of(series, "group");
    const bool is_named = !scenario.empty() && scenario != "default";
    Part& part = is_named ? part_named(scenarios, scenario) : run;
    if (is_named) add_series(part, metric, series);
    if (group.empty() || group == "::setup" || group == "::teardown") continue;
    add_series(group_of(part, group), metric, series);
  }
  for (Part& scenario : scenarios)
    add_fixed_rows(scenario, aggregator.registry());
  const auto place = [&](const Part& part) {
    return std::find(settings.scenarios.begin(), settings.scenarios.end(), part.name) -
           settings.scenarios.begin();
  };
  std::stable_sort(scenarios.begin(), scenarios.end(),
                   [&](const Part& a, const Part& b) { return place(a) < place(b); });
  return {finish(run.groups, settings), finish(scenarios, settings)};
}

}  // namespace perigee
