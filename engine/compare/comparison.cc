#include "engine/compare/comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/metrics/failure_counts.h"

namespace perigee::compare {
namespace {

// How often equal runs may be called different, in all figures together: one pair of twenty. Where
// seconds depend on each other for long, blocks show some percent less than the whole scatter, so
// that what is held to a fiftieth is a twentieth in the end.
constexpr double kErrorRate = 0.02;
// What is known better than to a thousandth is not worth a verdict.
constexpr double kSmallestError = 0.001;

double load_seconds(const std::vector<ComparedRun>& runs) {
  double seconds = 0;
  for (const ComparedRun& run : runs) {
    for (const reports::TimeStep& step : run.steps)
      seconds += step.loading ? step.seconds() : 0;
  }
  return seconds;
}

using Steps = std::vector<reports::TimeStep>;

std::vector<reports::TimeStep> all_steps(const std::vector<ComparedRun>& runs,
                                         Steps ComparedRun::*steps_of) {
  Steps steps;
  for (const ComparedRun& run : runs)
    steps.insert(steps.end(), (run.*steps_of).begin(), (run.*steps_of).end());
  return steps;
}

// How many steps a block of so many seconds has.
size_t block_of(const std::vector<reports::TimeStep>& steps, size_t seconds) {
  double total = 0;
  for (const reports::TimeStep& step : steps)
    total += step.seconds();
  const double each = steps.empty() ? 1 : total / static_cast<double>(steps.size());
  return std::max<size_t>(1, static_cast<size_t>(std::lround(static_cast<double>(seconds) / each)));
}

// The runs of one side, with the steps of metrics or those of their parts.
struct Side {
  Side(const std::vector<ComparedRun>& given, Steps ComparedRun::*steps_of_run)
      : runs(given), steps_of(steps_of_run), steps(all_steps(given, steps_of_run)) {}

  const std::vector<ComparedRun>& runs;
  Steps ComparedRun::*steps_of;
  Steps steps;
};

// Two sides whose steps are of the same metrics.
struct Sides {
  Sides(const std::vector<ComparedRun>& base_runs, const std::vector<ComparedRun>& now_runs,
        Steps ComparedRun::*steps_of)
      : base(base_runs, steps_of), now(now_runs, steps_of) {}

  Side base;
  Side now;
};

// The estimates of one metric on one side; nothing if it was not measured there.
std::optional<Estimates> estimate(const Metric& metric, const Side& side,
                                  const std::vector<int32_t>& buckets, bool over_runs,
                                  BootstrapSettings settings) {
  const FigureSeries whole(metric, side.steps, buckets);
  if (whole.empty()) return std::nullopt;
  settings.block = block_of(side.steps, settings.block);
  if (!over_runs) return estimate_within(whole, settings);
  std::vector<FigureSeries> runs;
  for (const ComparedRun& run : side.runs) {
    FigureSeries series(metric, run.*side.steps_of, buckets);
    // A run without the metric can't be averaged with the others.
    if (series.empty() && metric.kind != MetricKind::kCounter) {
      return estimate_within(whole, settings);
    }
    runs.push_back(std::move(series));
  }
  return estimate_over_runs(runs, settings);
}

bool is_compared(const Metric& metric) {
  static constexpr std::array<std::string_view, 2> kOfGenerator{"worker_busy", "loop_lag"};
  return metric.kind != MetricKind::kGauge &&
         std::find(kOfGenerator.begin(), kOfGenerator.end(), metric.name) == kOfGenerator.end();
}

// What is compared: a metric, or the stand-in of a part with the name of the part.
struct Subject {
  const Metric* metric;
  std::string name;
  std::string whole;
};

struct Judged {
  Figure figure;
  int direction = 0;
  double error = 0;  // standard error of the change, as a share of the base
  double degrees = 1;
};

Judged judge_figure(const Figure& described, const Estimates& base, const Estimates& now,
                    size_t i) {
  Judged judged{.figure = described};
  judged.figure.base = base.values[i];
  judged.figure.now = now.values[i];
  const double scale = std::max(std::abs(base.values[i]), 1e-300);
  judged.error = std::max(std::hypot(base.errors[i], now.errors[i]) / scale, kSmallestError);
  judged.degrees = base.degrees + now.degrees;
  return judged;
}

void add_figures(const Subject& subject, const std::optional<Estimates>& base,
                 const std::optional<Estimates>& now, std::vector<Judged>& figures) {
  const Metric& metric = *subject.metric;
  const std::vector<std::string> names = figure_names(metric.kind);
  for (size_t i = 0; i < names.size(); ++i) {
    Figure figure{.metric = subject.name,
                  .statistic = names[i],
                  .contains = metric.contains,
                  .is_share = metric.kind == MetricKind::kRate};
    if (base && now) {
      figures.push_back(judge_figure(figure, *base, *now, i));
    } else {
      figure.base = base ? base->values[i] : 0;
      figure.now = now ? now->values[i] : 0;
      figure.verdict = base ? Verdict::kOnlyBase : Verdict::kOnlyNew;
      figures.push_back({.figure = figure});
    }
    figures.back().direction = direction_of(metric, subject.whole);
  }
}

void add_subject(const Subject& subject, const Sides& sides, bool over_runs,
                 const BootstrapSettings& settings, std::vector<Judged>& figures) {
  const Metric& metric = *subject.metric;
  const std::vector<int32_t> buckets =
      joined(buckets_of(metric.id, sides.base.steps), buckets_of(metric.id, sides.now.steps));
  const auto before = estimate(metric, sides.base, buckets, over_runs, settings);
  const auto after = estimate(metric, sides.now, buckets, over_runs, settings);
  if (before || after) add_figures(subject, before, after, figures);
}

// In the order of their names.
std::vector<Subject> parts_of(const Metric& metric, const MetricParts& parts) {
  std::vector<Subject> subjects;
  for (const Metric& part : parts.registry()) {
    const MetricParts::Part& named = parts.at(part.id);
    if (named.whole == metric.name) subjects.push_back({&part, named.name, named.whole});
  }
  std::sort(subjects.begin(), subjects.end(),
            [](const Subject& a, const Subject& b) { return a.name < b.name; });
  return subjects;
}

Verdict verdict_of(bool is_more, int direction) {
  if (direction == 0) return is_more ? Verdict::kHigher : Verdict::kLower;
  return is_more == (direction > 0) ? Verdict::kBetter : Verdict::kWorse;
}

// The more figures are looked at, the more of them differ by chance: each is held to its share.
void conclude(Judged& judged, size_t figures, bool too_short) {
  Figure& figure = judged.figure;
  if (figure.verdict != Verdict::kNoDifference) return;
  const double tail = kErrorRate / 2 / static_cast<double>(std::max<size_t>(figures, 1));
  figure.uncertainty = judged.error * student_quantile(tail, judged.degrees);
  const double difference = figure.now - figure.base;
  const double noise = figure.uncertainty * std::max(std::abs(figure.base), 1e-300);
  if (too_short) {
    figure.verdict = Verdict::kTooShort;
  } else if (std::abs(difference) > noise) {
    figure.verdict = verdict_of(difference > 0, judged.direction);
  }
}

}  // namespace

std::optional<double> Figure::change() const {
  if (base == 0 || verdict == Verdict::kOnlyBase || verdict == Verdict::kOnlyNew)
    return std::nullopt;
  return (now - base) / std::abs(base);
}

const Figure* Comparison::find(std::string_view metric, std::string_view statistic) const {
  const auto found = std::find_if(figures.begin(), figures.end(), [&](const Figure& figure) {
    return figure.metric == metric && figure.statistic == statistic;
  });
  return found == figures.end() ? nullptr : &*found;
}

size_t Comparison::count(Verdict verdict) const {
  return static_cast<size_t>(
      std::count_if(figures.begin(), figures.end(),
                    [&](const Figure& figure) { return figure.verdict == verdict; }));
}

int direction_of(const Metric& metric, std::string_view name) {
  if (metric.kind == MetricKind::kTrend) return metric.contains == ValueKind::kTime ? -1 : 0;
  if (counts_failures(name) || name.ends_with("_failed")) return -1;
  static constexpr std::array<std::string_view, 5> kGood{"checks", "http_reqs", "grpc_reqs",
                                                         "iterations", "ws_sessions"};
  return std::find(kGood.begin(), kGood.end(), name) != kGood.end() ? 1 : 0;
}

Comparison compare(const std::vector<ComparedRun>& base, const std::vector<ComparedRun>& now,
                   const MetricRegistry& registry, const BootstrapSettings& settings,
                   const MetricParts* parts) {
  Comparison comparison;
  comparison.base_seconds = load_seconds(base);
  comparison.now_seconds = load_seconds(now);
  comparison.over_runs = base.size() >= kMinRuns && now.size() >= kMinRuns;
  for (const ComparedRun& run : base)
    comparison.base.push_back(run.name);
  for (const ComparedRun& run : now)
    comparison.now.push_back(run.name);
  comparison.too_short = std::min(comparison.base_seconds, comparison.now_seconds) < kMinSeconds;
  const Sides whole(base, now, &ComparedRun::steps);
  const Sides of_parts(base, now, &ComparedRun::part_steps);
  std::vector<Judged> figures;
  for (const Metric& metric : registry) {
    if (!is_compared(metric)) continue;
    const bool over_runs = comparison.over_runs;
    add_subject({&metric, metric.name, metric.name}, whole, over_runs, settings, figures);
    if (parts == nullptr) continue;
    for (const Subject& part : parts_of(metric, *parts))
      add_subject(part, of_parts, over_runs, settings, figures);
  }
  for (Judged& judged : figures) {
    conclude(judged, figures.size(), comparison.too_short);
    comparison.figures.push_back(std::move(judged.figure));
  }
  return comparison;
}

std::string_view to_string(Verdict verdict) {
  static constexpr std::array<std::string_view, 8> kNames{
      "better",           "worse",        "higher",     "lower", "no difference seen",
      "too short to say", "only in base", "only in new"};
  return kNames[static_cast<size_t>(verdict)];
}

}  // namespace perigee::compare
