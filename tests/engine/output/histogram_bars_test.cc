#include "engine/output/histogram_bars.h"

#include <doctest/doctest.h>

namespace perigee {
namespace {

Histogram of(const std::vector<double>& values) {
  Histogram histogram;
  for (const double value : values)
    histogram.add(value);
  return histogram;
}

uint64_t counted(const std::vector<HistogramBar>& bars) {
  uint64_t count = 0;
  for (const HistogramBar& bar : bars)
    count += bar.count;
  return count;
}

}  // namespace

TEST_CASE("bars go from the least to the greatest number in steps of one ratio") {
  const auto bars = histogram_bars(of({1, 5, 5, 50, 500, 1'000}), 3);
  REQUIRE(bars.size() == 3);
  CHECK(bars[0].from == 1);
  CHECK(bars[1].from == doctest::Approx(10));
  CHECK(bars[2].from == doctest::Approx(100));
  CHECK(bars[2].to == 1'000);
  CHECK(bars[0].count == 3);
  CHECK(bars[1].count == 1);
  CHECK(bars[2].count == 2);
}

TEST_CASE("numbers that lie close together get fewer bars") {
  CHECK(histogram_bars(of({10, 10, 10}), 12).size() == 1);
  CHECK(histogram_bars(of({10, 10.1}), 12).size() == 1);
  CHECK(histogram_bars(of({10, 12}), 12).size() < 5);
  CHECK(histogram_bars(of({}), 12).empty());
}

TEST_CASE("zeros belong to the first bar, and nothing is left out") {
  const auto bars = histogram_bars(of({0, 0, 1, 3, 9, 27, 0.001, 80'000}), 12);
  CHECK(bars.front().from == 0);
  CHECK(bars.front().count == 3);
  CHECK(bars.back().to == 80'000);
  CHECK(counted(bars) == 8);
  CHECK(counted(histogram_bars(of({0, 0}), 12)) == 2);
}

TEST_CASE("a bar is as long as its share, and seen if there is anything") {
  CHECK(bar_text(1, 4) == "████");
  CHECK(bar_text(0.5, 4) == "██");
  CHECK(bar_text(0.28125, 4) == "█▏");
  CHECK(bar_text(0.00001, 4) == "▏");
  CHECK(bar_text(0, 4).empty());
}

}  // namespace perigee
