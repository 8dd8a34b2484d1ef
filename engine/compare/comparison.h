// Two runs, or two sets of repeated runs, figure by figure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/compare/bootstrap.h"
#include "engine/compare/metric_parts.h"
#include "engine/metrics/registry.h"
#include "engine/reports/time_series.h"

namespace perigee::compare {

// The course of one run, which may be the whole of several parts.
struct ComparedRun {
  std::string name;
  std::vector<reports::TimeStep> steps;
  std::vector<reports::TimeStep> part_steps{};  // of the parts' stand-ins
};

enum class Verdict {
  kBetter,
  kWorse,
  kHigher,  // of figures that are neither good nor bad
  kLower,
  kNoDifference,
  kTooShort,
  kOnlyBase,
  kOnlyNew,
};

struct Figure {
  std::string metric;
  std::string statistic;
  ValueKind contains = ValueKind::kDefault;
  bool is_share = false;
  double base = 0;
  double now = 0;
  // What is by chance alike changes by not more than this, as a share of `base`.
  double uncertainty = 0;
  Verdict verdict = Verdict::kNoDifference;

  // As a share of `base`; nothing if that is zero.
  std::optional<double> change() const;
};

struct Comparison {
  std::vector<std::string> base;
  std::vector<std::string> now;
  double base_seconds = 0;
  double now_seconds = 0;
  bool over_runs = false;  // else over the seconds within the runs
  bool too_short = false;
  std::vector<Figure> figures;

  const Figure* find(std::string_view metric, std::string_view statistic) const;
  size_t count(Verdict verdict) const;
};

// From three runs of each on, runs are compared with runs; else the seconds within them.
inline constexpr size_t kMinRuns = 3;
// A minute, of which the clock may lack a moment.
inline constexpr double kMinSeconds = 59.5;

// Each metric, followed by its parts if there are any. Neither side may be empty. Of runs that are
// equal, one pair of twenty at most is expected to show a difference anywhere.
Comparison compare(const std::vector<ComparedRun>& base, const std::vector<ComparedRun>& now,
                   const MetricRegistry& registry, const BootstrapSettings& settings = {},
                   const MetricParts* parts = nullptr);

// "worse", "no difference seen", ...
std::string_view to_string(Verdict verdict);

// Whether more of a metric is good (1), bad (-1) or neither. Of a part `name` is the whole
// metric's.
int direction_of(const Metric& metric, std::string_view name);

}  // namespace perigee::compare
