// The bootstrap draws, with replacement, as many blocks as a run has, and looks how far the figures
// of what was drawn lie from each other. The standard deviation of the draws, made larger for the
// few blocks that short runs have, is the figure's standard error; a difference of two figures is
// then judged by Student's distribution.
#include "engine/compare/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <random>

namespace perigee::compare {
namespace {

// Long runs have longer blocks instead of more of them: it is as good, and bounds the work.
constexpr size_t kMaxBlocks = 180;

// The mean and the spread of numbers that come one after another.
class Spread {
 public:
  void add(double value) {
    if (!std::isfinite(value)) return;
    ++count_;
    const double delta = value - mean_;
    mean_ += delta / count_;
    squares_ += delta * (value - mean_);
  }

  double deviation() const { return count_ > 1 ? std::sqrt(squares_ / (count_ - 1)) : 0; }

 private:
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
};

// Sums of blocks, each from another step on; the run goes round.
class BlockSums {
 public:
  BlockSums(const FigureSeries& series, size_t block)
      : series_(series), width_(series.width()), sums_(series.size() * width_) {
    std::vector<double> sum(width_);
    for (size_t i = 0; i < block; ++i)
      add(i, 1, sum);
    for (size_t from = 0; from < series_.size(); ++from) {
      std::copy(sum.begin(), sum.end(), sums_.begin() + static_cast<std::ptrdiff_t>(from * width_));
      add(from, -1, sum);
      add(from + block, 1, sum);
    }
  }

  void add_block(size_t from, std::vector<double>& sum) const {
    const double* numbers = sums_.data() + from * width_;
    for (size_t i = 0; i < width_; ++i)
      sum[i] += numbers[i];
  }

 private:
  void add(size_t step, double sign, std::vector<double>& sum) const {
    const double* numbers = series_.at(step % series_.size());
    for (size_t i = 0; i < width_; ++i)
      sum[i] += sign * numbers[i];
  }

  const FigureSeries& series_;
  size_t width_;
  std::vector<double> sums_;
};

// The errors of figures from the draws that `draw` makes of `parts` parts.
template <typename Draw>
Estimates estimate(std::vector<double> values, size_t parts, const BootstrapSettings& settings,
                   Draw draw) {
  Estimates estimates{.values = std::move(values), .errors = {}, .degrees = 0};
  std::vector<Spread> spreads(estimates.values.size());
  for (size_t i = 0; i < settings.draws; ++i) {
    const std::vector<double> drawn = draw();
    for (size_t j = 0; j < spreads.size(); ++j)
      spreads[j].add(drawn[j]);
  }
  const auto count = static_cast<double>(parts);
  const double correction = parts > 1 ? std::sqrt(count / (count - 1)) : 1;
  for (const Spread& spread : spreads)
    estimates.errors.push_back(spread.deviation() * correction);
  estimates.degrees = std::max(count - 1, 1.0);
  return estimates;
}

// The mean of each figure over runs.
std::vector<double> mean_of(const std::vector<std::vector<double>>& runs,
                            const std::vector<size_t>& drawn) {
  std::vector<double> means(runs.front().size());
  for (const size_t run : drawn) {
    for (size_t i = 0; i < means.size(); ++i)
      means[i] += runs[run][i] / static_cast<double>(drawn.size());
  }
  return means;
}

double normal_quantile(double probability) {
  double low = 0;
  double high = 40;
  for (int i = 0; i < 80; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) / 2 > probability ? low : high) = middle;
  }
  return low;
}

}  // namespace

Estimates estimate_within(const FigureSeries& series, const BootstrapSettings& settings) {
  const std::vector<double> figures = series.figures_of(series.total());
  if (series.size() == 0)
    return {.values = figures, .errors = std::vector<double>(figures.size()), .degrees = 1};
  const size_t for_bound = (series.size() + kMaxBlocks - 1) / kMaxBlocks;
  const size_t block = std::clamp<size_t>(std::max(settings.block, for_bound), 1, series.size());
  const size_t blocks = std::max<size_t>(series.size() / block, 1);
  const BlockSums sums(series, block);
  std::mt19937_64 random(settings.seed);
  return estimate(figures, blocks, settings, [&] {
    std::vector<double> sum(series.width());
    for (size_t i = 0; i < blocks; ++i)
      sums.add_block(random() % series.size(), sum);
    return series.figures_of(sum);
  });
}

Estimates estimate_over_runs(const std::vector<FigureSeries>& runs,
                             const BootstrapSettings& settings) {
  std::vector<std::vector<double>> figures;
  std::vector<size_t> all;
  for (const FigureSeries& run : runs) {
    all.push_back(figures.size());
    figures.push_back(run.figures_of(run.total()));
  }
  std::mt19937_64 random(settings.seed);
  return estimate(mean_of(figures, all), runs.size(), settings, [&] {
    std::vector<size_t> drawn(runs.size());
    for (size_t& run : drawn)
      run = random() % runs.size();
    return mean_of(figures, drawn);
  });
}

// The Cornish-Fisher expansion by the degrees of freedom: off by some percent for four of them.
double student_quantile(double probability, double degrees) {
  const double z = normal_quantile(probability);
  const double z3 = z * z * z;
  const double z5 = z3 * z * z;
  const double z7 = z5 * z * z;
  return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees * degrees * degrees);
}

}  // namespace perigee::compare
