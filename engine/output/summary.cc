#include "engine/output/summary.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "engine/base/suggest.h"
#include "engine/metrics/missing_samples.h"
#include "engine/output/failed_requests.h"
#include "engine/output/summary_blocks.h"

namespace perigee {
namespace {

constexpr std::string_view kSeparator = "::";

// Finds or makes a group by its path, and those it lies in.
SummaryGroup& group_at(SummaryGroup& root, std::string_view path) {
  SummaryGroup* group = &root;
  while (path.size() > kSeparator.size()) {
    path.remove_prefix(kSeparator.size());
    const std::string_view name = path.substr(0, path.find(kSeparator));
    path.remove_prefix(name.size());
    auto found = std::find_if(group->groups.begin(), group->groups.end(),
                              [&](const SummaryGroup& child) { return child.name == name; });
    if (found == group->groups.end()) {
      group->groups.push_back(
          {std::string(name), fmt::format("{}::{}", group->path, name), {}, {}});
      found = std::prev(group->groups.end());
    }
    group = &*found;
  }
  return *group;
}

SummaryGroup make_groups(const CheckTotals& totals) {
  SummaryGroup root;
  for (const std::string& path : totals.groups()) {
    // These are groups only to show where checks lie.
    if (path != "::setup" && path != "::teardown") group_at(root, path);
  }
  for (const CheckTotal& check : totals.checks()) {
    SummaryGroup& group = group_at(root, check.group);
    group.checks.push_back(
        {check.name, fmt::format("{}::{}", group.path, check.name), check.passes, check.fails});
  }
  return root;
}

// Collects the metrics of a summary from what the aggregator knows about them.
class MetricCollector {
 public:
  MetricCollector(const Aggregator& aggregator, const SummarySettings& settings)
      : aggregator_(aggregator),
        settings_(settings),
        report_(aggregator.evaluate_thresholds(settings.load_seconds, Duration::max(), true)) {}

  std::vector<SummaryMetric> collect() {
    std::vector<const Metric*> sorted;
    for (const Metric& metric : aggregator_.registry())
      sorted.push_back(&metric);
    std::sort(sorted.begin(), sorted.end(),
              [](const Metric* a, const Metric* b) { return a->name < b->name; });
    for (const Metric* metric : sorted)
      add(*metric);
    return std::move(metrics_);
  }

 private:
  void add(const Metric& metric) {
    const std::vector<SummaryMetric> parts = submetrics_of(metric);
    const Sink* total = aggregator_.total(metric.id);
    const bool is_wanted = has_thresholds(metric.name) || is_always_shown(metric.name);
    if (total == nullptr && parts.empty() && !is_wanted) return;
    SummaryMetric whole = describe(metric, metric.name, total ? *total : Sink(metric.kind));
    whole.failures = failed_requests(aggregator_, metric);
    metrics_.push_back(std::move(whole));
    metrics_.insert(metrics_.end(), parts.begin(), parts.end());
  }

  std::vector<SummaryMetric> submetrics_of(const Metric& metric) const {
    std::vector<SummaryMetric> parts;
    for (const Submetric& submetric : aggregator_.submetrics()) {
      const std::string& text = submetric.selector.text;
      if (submetric.metric != metric.id) continue;
      if (submetric.sink.empty() && !has_thresholds(text)) continue;
      SummaryMetric part = describe(metric, text, submetric.sink);
      part.parent = metric.name;
      part.suffix = submetric.selector.suffix();
      parts.push_back(std::move(part));
    }
    std::sort(parts.begin(), parts.end(),
              [](const SummaryMetric& a, const SummaryMetric& b) { return a.name < b.name; });
    return parts;
  }

  SummaryMetric describe(const Metric& metric, const std::string& name, const Sink& sink) const {
    SummaryMetric described;
    described.name = name;
    described.kind = metric.kind;
    described.contains = metric.contains;
    described.no_samples = sink.empty();
    described.values = summary_values(sink, settings_.load_seconds, settings_.trend_stats);
    for (const ThresholdVerdict& verdict : report_.verdicts) {
      if (verdict.selector != name) continue;
      described.thresholds.push_back(
          {verdict.threshold.source, verdict.threshold.aggregate, verdict.ok, verdict.observed});
    }
    return described;
  }

  // Also true for an entry without expressions: people write those to see a submetric.
  bool has_thresholds(const std::string& name) const {
    const auto& entries = aggregator_.thresholds().entries();
    return std::any_of(entries.begin(), entries.end(),
                       [&](const MetricThresholds& entry) { return entry.selector.text == name; });
  }

  const Aggregator& aggregator_;
  const SummarySettings& settings_;
  ThresholdReport report_;
  std::vector<SummaryMetric> metrics_;
};

void warn_about_tag_sets(const Aggregator& aggregator, std::vector<std::string>& warnings) {
  const Metric* refused = aggregator.registry().find("tag_sets_refused");
  const Sink* total = refused == nullptr ? nullptr : aggregator.total(refused->id);
  if (total == nullptr || total->counter().sum == 0) return;
  warnings.push_back(
      fmt::format("There were more than {} different sets of tags on a worker; later ones are in "
                  "series whose name is \"{}\". Give requests to ever new URLs a name.",
                  limits::kTagSets, kTooManyTagSets));
}

bool has_samples(const MetricThresholds& entry, const Aggregator& aggregator) {
  if (entry.selector.tags.empty()) return aggregator.total(entry.metric) != nullptr;
  const auto& parts = aggregator.submetrics();
  return std::any_of(parts.begin(), parts.end(), [&](const Submetric& part) {
    return part.selector.text == entry.selector.text && !part.sink.empty();
  });
}

// Whether a threshold on nothing is among those that hold.
bool passes_unseen(const MetricThresholds& entry, const std::vector<SummaryMetric>& metrics) {
  return std::any_of(metrics.begin(), metrics.end(), [&](const SummaryMetric& metric) {
    return metric.name == entry.selector.text &&
           std::any_of(
               metric.thresholds.begin(), metric.thresholds.end(),
               [](const SummaryThreshold& it) { return it.ok && !it.observed.has_value(); });
  });
}

// A run without a load has told already why it measured nothing.
void warn_about_missing_samples(const Aggregator& aggregator, const SystemTags& tags,
                                Summary& summary) {
  if (summary.load_seconds == 0) return;
  bool passes = false;
  for (const MetricThresholds& entry : aggregator.thresholds().entries()) {
    if (has_samples(entry, aggregator)) continue;
    const std::string reason = explain_missing_samples(entry.selector, aggregator, tags);
    if (reason.empty()) continue;
    summary.warnings.push_back(
        fmt::format("Nothing was measured for {}: {}.", entry.selector.text, reason));
    passes = passes || passes_unseen(entry, summary.metrics);
  }
  if (!passes) return;
  summary.warnings.emplace_back(
      "Thresholds without samples have passed; with --threshold-no-samples fail they fail.");
}

}  // namespace

const SummaryMetric* Summary::find(std::string_view name) const {
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [&](const SummaryMetric& metric) { return metric.name == name; });
  return found == metrics.end() ? nullptr : &*found;
}

bool Summary::thresholds_failed() const {
  return std::any_of(metrics.begin(), metrics.end(), [](const SummaryMetric& metric) {
    return std::any_of(metric.thresholds.begin(), metric.thresholds.end(),
                       [](const SummaryThreshold& threshold) { return !threshold.ok; });
  });
}

std::vector<Aggregate> default_trend_stats() {
  return parse_trend_stats("avg,min,med,max,p(90),p(95)");
}

std::vector<Aggregate> parse_trend_stats(std::string_view text) {
  static constexpr std::string_view kNames[] = {"avg", "min", "med", "max", "count", "p(95)"};
  std::vector<Aggregate> stats;
  while (true) {
    const std::string_view name = text.substr(0, text.find(','));
    const auto stat = parse_aggregate(name);
    const bool known =
        stat && stat->kind != Aggregate::Kind::kRate && stat->kind != Aggregate::Kind::kValue;
    if (!known) {
      throw ConfigError(
          fmt::format("trend statistic \"{}\" is not known{}, use avg, min, med, max, "
                      "count or p(N) with N from 0 to 100",
                      name, did_you_mean(name, kNames)));
    }
    stats.push_back(*stat);
    if (name.size() == text.size()) return stats;
    text.remove_prefix(name.size() + 1);
  }
}

Summary make_summary(const Aggregator& aggregator, SummarySettings settings) {
  warn_about_tag_sets(aggregator, settings.warnings);
  Summary summary{.metrics = MetricCollector(aggregator, settings).collect(),
                  .root = make_groups(aggregator.checks()),
                  .blocks = settings.blocks ? make_blocks(aggregator, settings) : SummaryBlocks(),
                  .load_seconds = settings.load_seconds,
                  .test_run_duration = settings.test_run_duration,
                  .trend_stats = std::move(settings.trend_stats),
                  .time_unit = std::move(settings.time_unit),
                  .warnings = std::move(settings.warnings)};
  warn_about_missing_samples(aggregator, settings.system_tags, summary);
  return summary;
}

}  // namespace perigee
