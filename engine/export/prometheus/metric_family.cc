#include "engine/export/prometheus/metric_family.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/export/metric_help.h"

namespace perigee::exports {
namespace {

constexpr std::string_view kPrefix = "perigee_";

std::string_view unit_of(ValueKind contains) {
  switch (contains) {
    case ValueKind::kTime:
      return "seconds";
    case ValueKind::kData:
      return "bytes";
    case ValueKind::kDefault:
      break;
  }
  return "";
}

FamilyType type_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
    case MetricKind::kRate:
      return FamilyType::kCounter;
    case MetricKind::kTrend:
      return FamilyType::kHistogram;
    case MetricKind::kGauge:
      break;
  }
  return FamilyType::kGauge;
}

void add_label(LabelSet& labels, std::string name, std::string value) {
  labels.emplace_back(std::move(name), std::move(value));
  std::sort(labels.begin(), labels.end());
}

void add_points(const SampleBook& book, const BookSeries& series, MetricFamily& family) {
  const LabelSet& labels = book.labels(series.tags);
  const double scale = scale_of(family.contains);
  switch (series.total.kind()) {
    case MetricKind::kCounter:
      family.points.push_back({labels, series.total.counter().sum * scale});
      break;
    case MetricKind::kGauge:
      family.points.push_back({labels, series.total.gauge().value * scale});
      break;
    case MetricKind::kTrend:
      family.points.push_back({labels, 0, &series.total.trend()});
      break;
    case MetricKind::kRate: {
      const Sink::Rate& rate = series.total.rate();
      family.points.push_back({labels, static_cast<double>(rate.nonzero)});
      add_label(family.points.back().labels, "condition", "nonzero");
      family.points.push_back({labels, static_cast<double>(rate.total - rate.nonzero)});
      add_label(family.points.back().labels, "condition", "zero");
      break;
    }
  }
}

MetricFamily family_of(const Metric& metric) {
  MetricFamily family{.name = fmt::format("{}{}", kPrefix, metric.name),
                      .help = help_of(metric),
                      .unit = std::string(unit_of(metric.contains)),
                      .type = type_of(metric.kind),
                      .contains = metric.contains};
  const bool counts = family.type == FamilyType::kCounter;
  if (counts && family.name.ends_with("_total")) family.name.resize(family.name.size() - 6);
  if (metric.kind == MetricKind::kRate) {
    family.unit.clear();
    family.contains = ValueKind::kDefault;
  }
  const bool has_unit = family.unit.empty() || family.name.ends_with("_" + family.unit);
  if (!has_unit) family.name += "_" + family.unit;
  return family;
}

// The names of the samples that a family has in the text formats.
std::vector<std::string> sample_names(const MetricFamily& family) {
  switch (family.type) {
    case FamilyType::kCounter:
      return {family.name, family.name + "_total", family.name + "_created"};
    case FamilyType::kHistogram:
      return {family.name, family.name + "_bucket", family.name + "_count", family.name + "_sum",
              family.name + "_created"};
    case FamilyType::kInfo:
      return {family.name, family.name + "_info"};
    case FamilyType::kGauge:
      break;
  }
  return {family.name};
}

// Keeps two families from having samples of one name, as the trend `size` and the gauge
// `size_count` would.
class TakenNames {
 public:
  void claim(MetricFamily& family) {
    while (clashes(family)) {
      const size_t end =
          family.unit.empty() ? family.name.size() : family.name.size() - family.unit.size() - 1;
      family.name.insert(end, "_");
    }
    for (std::string& name : sample_names(family))
      taken_.insert(std::move(name));
  }

 private:
  bool clashes(const MetricFamily& family) const {
    const std::vector<std::string> names = sample_names(family);
    return std::any_of(names.begin(), names.end(),
                       [this](const std::string& name) { return taken_.count(name) > 0; });
  }

  std::set<std::string> taken_;
};

MetricFamily run_info(const ExportedRun& run) {
  std::map<std::string, std::string> labels{{"run_id", label_value(run.id)},
                                            {"script", label_value(run.script)},
                                            {"version", label_value(run.version)}};
  for (const auto& [name, value] : labels_of(run.tags))
    labels.try_emplace(name, value);
  std::erase_if(labels, [](const auto& label) { return label.second.empty(); });
  return {.name = "perigee_run",
          .help = "The run itself.",
          .type = FamilyType::kInfo,
          .points = {{LabelSet(labels.begin(), labels.end()), 1}}};
}

void add_thresholds(const ExportUpdate& last, std::vector<MetricFamily>& families) {
  if (last.thresholds.empty()) return;
  MetricFamily states{.name = "perigee_threshold_ok",
                      .help = "Whether a threshold holds at the moment: 1 or 0."};
  MetricFamily values{.name = "perigee_threshold_observed",
                      .help = "The number that a threshold is about, in the unit that it is in."};
  std::set<LabelSet> seen;
  for (const ThresholdState& state : last.thresholds) {
    const LabelSet labels{{"metric", label_value(state.metric)},
                          {"threshold", label_value(state.condition)}};
    if (!seen.insert(labels).second) continue;
    states.points.push_back({labels, state.ok ? 1.0 : 0.0});
    if (state.observed) values.points.push_back({labels, *state.observed});
  }
  families.push_back(std::move(states));
  if (!values.points.empty()) families.push_back(std::move(values));
}

std::vector<MetricFamily> own_families(const ExportedRun& run, const SampleBook& book,
                                       const ExportUpdate& last) {
  std::vector<MetricFamily> families{run_info(run)};
  families.push_back({.name = "perigee_load_seconds",
                      .help = "How long the load has gone on.",
                      .unit = "seconds",
                      .points = {{{}, to_seconds(last.moment.load)}}});
  families.push_back({.name = "perigee_load_running",
                      .help = "Whether the load goes on: 1 or 0.",
                      .points = {{{}, last.moment.loading ? 1.0 : 0.0}}});
  families.push_back({.name = "perigee_export_tag_sets_refused",
                      .help = "Tag sets that were too many to become labels.",
                      .type = FamilyType::kCounter,
                      .points = {{{}, static_cast<double>(book.refused())}}});
  add_thresholds(last, families);
  return families;
}

}  // namespace

double scale_of(ValueKind contains) {
  return contains == ValueKind::kTime ? 0.001 : 1;
}

std::vector<MetricFamily> families_of(const ExportedRun& run, const SampleBook& book,
                                      const ExportUpdate& last) {
  std::vector<MetricFamily> families = own_families(run, book, last);
  const size_t own = families.size();
  TakenNames taken;
  for (MetricFamily& family : families)
    taken.claim(family);
  for (const Metric& metric : book.registry()) {
    families.push_back(family_of(metric));
    taken.claim(families.back());
  }
  for (const BookSeries& series : book.series())
    add_points(book, series, families[own + series.metric]);
  std::erase_if(families, [](const MetricFamily& family) { return family.points.empty(); });
  return families;
}

}  // namespace perigee::exports
