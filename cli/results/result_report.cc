#include "cli/results/result_report.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/modules.h"
#include "engine/base/config_error.h"
#include "engine/execution/fraction.h"
#include "engine/execution/options.h"
#include "engine/metrics/aggregator.h"
#include "engine/reports/time_series.h"
#include "engine/results/playback.h"

namespace perigee {
namespace {

// What an aggregator and a time series hear of a run.
class ReportFeed final : public SnapshotRecorder {
 public:
  ReportFeed(Aggregator& aggregator, reports::TimeSeries& series)
      : aggregator_(aggregator), series_(series) {}

  void begin(TimeOrigin origin) override { series_.begin(origin); }

  void add(const Snapshot& snapshot) override {
    series_.add(snapshot);
    aggregator_.add(Snapshot(snapshot));
  }

  void tick(const RunMoment& moment) override {
    series_.tick(moment);
    aggregator_.tick(moment.at);
  }

 private:
  Aggregator& aggregator_;
  reports::TimeSeries& series_;
};

Options options_of(const results::Header& header) {
  const auto json = nlohmann::json::parse(header.options_json, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? parse_options(json) : Options();
}

ThresholdSet thresholds_of(const results::Header& header, const Options& options,
                           const MetricRegistry& registry) {
  std::vector<ThresholdDefinition> definitions;
  for (const results::ThresholdRecord& record : header.thresholds) {
    if (definitions.empty() || definitions.back().selector != record.selector) {
      definitions.push_back({record.selector, {}});
    }
    if (record.expression.empty()) continue;
    definitions.back().thresholds.push_back(parse_threshold(record.expression));
  }
  return {std::move(definitions), registry, options.threshold_no_samples};
}

SummarySettings settings_of(const results::Playback& played, const Options& options) {
  SummarySettings settings;
  settings.scenarios = played.header().scenarios;
  settings.load_seconds = played.end().load_seconds;
  settings.test_run_duration = played.end().ended;
  settings.time_unit = options.summary_time_unit;
  settings.system_tags = options.system_tags;
  settings.warnings = played.end().warnings;
  settings.warnings.insert(settings.warnings.end(), played.warnings().begin(),
                           played.warnings().end());
  if (!options.summary_trend_stats.empty()) settings.trend_stats = options.summary_trend_stats;
  return settings;
}

// "1/3:2/3"
std::optional<std::pair<Fraction, Fraction>> parse_segment(const std::string& text) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto from = parse_fraction(text.substr(0, colon));
  const auto to = parse_fraction(text.substr(colon + 1));
  if (!from || !to) return std::nullopt;
  return std::pair(*from, *to);
}

}  // namespace

std::string missing_parts(const std::vector<const results::Header*>& headers) {
  std::vector<std::pair<Fraction, Fraction>> parts;
  for (const results::Header* header : headers) {
    const auto part = parse_segment(header->segment);
    if (part) parts.push_back(*part);
  }
  std::sort(parts.begin(), parts.end());
  std::vector<std::string> missing;
  Fraction covered;
  const auto gap = [&](const Fraction& until) {
    if (covered < until) missing.push_back(covered.text() + ":" + until.text());
    covered = std::max(covered, until);
  };
  for (const auto& [from, to] : parts) {
    gap(from);
    covered = std::max(covered, to);
  }
  if (!parts.empty()) gap(Fraction(1, 1));
  if (missing.empty()) return "";
  return fmt::format("Of the test the part {} is missing.", fmt::join(missing, ", "));
}

reports::Report report_of_results(const std::vector<std::string>& paths) {
  MetricRegistry registry;
  declare_builtins(registry);
  for (const auto& module : make_modules())
    module->declare(registry);
  results::Playback playback(paths, registry);
  const Options options = options_of(playback.header());
  Aggregator aggregator(registry, thresholds_of(playback.header(), options, registry),
                        playback.header().tags);
  reports::TimeSeries series(registry);
  ReportFeed feed(aggregator, series);
  playback.play(feed);
  SummarySettings settings = settings_of(playback, options);
  const std::string missing = missing_parts(playback.headers());
  const bool one_run = playback.arrangement() == results::Arrangement::kSideBySide;
  if (!missing.empty() && (one_run || paths.size() == 1)) settings.warnings.push_back(missing);
  results::Header header = playback.header();
  header.parts = playback.parts();
  return reports::make_report(aggregator, series, make_summary(aggregator, std::move(settings)),
                              std::move(header), playback.end());
}

}  // namespace perigee
