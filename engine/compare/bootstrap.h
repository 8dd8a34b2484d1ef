// How much the figures of a run scatter by chance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/compare/figure_series.h"

namespace perigee::compare {

struct BootstrapSettings {
  size_t draws = 1000;
  size_t block = 10;  // in steps
  uint64_t seed = 1;
};

// The figures of one side, each with its standard error.
struct Estimates {
  std::vector<double> values;
  std::vector<double> errors;
  double degrees = 0;  // of freedom, which the errors are known with
};

// Moving blocks of steps: what follows each other within a run is alike, so single seconds say less
// than their number promises.
Estimates estimate_within(const FigureSeries& series, const BootstrapSettings& settings);

// Whole runs are drawn: each is a repetition of the others.
Estimates estimate_over_runs(const std::vector<FigureSeries>& runs,
                             const BootstrapSettings& settings);

// The value that a number of Student's distribution exceeds with this probability, below 0.5.
double student_quantile(double probability, double degrees);

}  // namespace perigee::compare
