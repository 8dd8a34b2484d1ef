// Everything the end of a run knows, as a value that the text, the files and the script's
// handleSummary are made from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/metrics/aggregate.h"
#include "engine/metrics/aggregator.h"
#include "engine/metrics/system_tags.h"
#include "engine/output/summary_metric.h"

namespace perigee {

struct SummaryCheck {
  std::string name;
  // The group's path, "::" and the name.
  std::string path;
  uint64_t passes = 0;
  uint64_t fails = 0;
};

struct SummaryGroup {
  std::string name;
  // "" for the root, else "::outer::inner".
  std::string path;
  std::vector<SummaryGroup> groups;
  std::vector<SummaryCheck> checks;
};

// What was measured in one scenario or one group.
struct SummaryBlock {
  std::string name;
  // Whole metrics, sorted by name, without thresholds.
  std::vector<SummaryMetric> metrics;
  // Without paths, in the order in which they were first seen.
  std::vector<SummaryCheck> checks;
  std::vector<SummaryBlock> groups;
};

struct SummaryBlocks {
  // Outside of named scenarios.
  std::vector<SummaryBlock> groups;
  std::vector<SummaryBlock> scenarios;
};

struct Summary {
  // Those with samples or thresholds, and those that are always shown: whole metrics sorted by
  // name, each followed by its submetrics.
  std::vector<SummaryMetric> metrics;
  SummaryGroup root;
  // Only if they were asked for.
  SummaryBlocks blocks;
  // What rates are per second of.
  double load_seconds = 0;
  // From before setup until after teardown.
  Duration test_run_duration{};
  // The columns of trends.
  std::vector<Aggregate> trend_stats;
  // "s", "ms", "us", or "" to choose by size.
  std::string time_unit;
  // Whole sentences about what makes the result less trustworthy.
  std::vector<std::string> warnings;

  // Nothing if the run has no such metric or submetric.
  const SummaryMetric* find(std::string_view name) const;
  bool thresholds_failed() const;
};

// What k6 shows unless told otherwise: avg, min, med, max, p(90), p(95).
std::vector<Aggregate> default_trend_stats();

// Reads "avg,min,med,max,count,p(99)". Throws ConfigError.
std::vector<Aggregate> parse_trend_stats(std::string_view text);

// How the run ended and how it is to be shown.
struct SummarySettings {
  // Whether scenarios and groups are wanted one by one.
  bool blocks = false;
  // In the order in which they are shown.
  std::vector<std::string> scenarios;
  double load_seconds = 0;
  Duration test_run_duration{};
  std::vector<Aggregate> trend_stats = default_trend_stats();
  std::string time_unit;
  std::vector<std::string> warnings;
  // Those that samples get.
  SystemTags system_tags;
};

// Evaluates the thresholds for the last time.
Summary make_summary(const Aggregator& aggregator, SummarySettings settings);

}  // namespace perigee
