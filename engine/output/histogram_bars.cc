#include "engine/output/histogram_bars.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace perigee {
namespace {

// Steps smaller than a histogram's buckets would leave gaps that nothing has made.
constexpr double kSmallestRatio = 1 + 1.0 / 16;

}  // namespace

std::vector<HistogramBar> histogram_bars(const Histogram& histogram, size_t most) {
  if (histogram.empty() || most == 0) return {};
  const Histogram::Parts parts = histogram.parts();
  if (parts.buckets.empty()) return {{0, 0, parts.zeros}};
  const double lowest =
      parts.zeros > 0 ? Histogram::middle_of(parts.buckets.front().first) : parts.min;
  const double span = parts.max / lowest;
  const auto fitting = static_cast<size_t>(std::log(span) / std::log(kSmallestRatio));
  const size_t steps = std::clamp<size_t>(fitting, 1, most);
  const double ratio = std::pow(span, 1 / static_cast<double>(steps));

  std::vector<HistogramBar> bars(steps);
  double bound = lowest;
  for (HistogramBar& bar : bars) {
    bar.from = bound;
    bar.to = bound *= ratio;
  }
  bars.front().from = parts.min;
  bars.back().to = parts.max;
  bars.front().count = parts.zeros;
  for (const auto& [bucket, count] : parts.buckets) {
    const double value = std::clamp(Histogram::middle_of(bucket), lowest, parts.max);
    const double step = ratio > 1 ? std::floor(std::log(value / lowest) / std::log(ratio)) : 0;
    bars[std::min(static_cast<size_t>(std::max(step, 0.0)), steps - 1)].count += count;
  }
  return bars;
}

std::string bar_text(double share, size_t width) {
  constexpr std::array<std::string_view, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double length = std::clamp(share, 0.0, 1.0) * static_cast<double>(width) * 8;
  auto eighths = static_cast<size_t>(std::llround(length));
  if (share > 0) eighths = std::max<size_t>(eighths, 1);
  std::string text;
  for (size_t i = 0; i < eighths / 8; ++i)
    text += "█";
  return text += kEighths[eighths % 8];
}

}  // namespace perigee
