// How large result files get.
#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/results/results_recorder.h"
#include "tests/engine/output/scratch_folder.h"

namespace perigee::results {
namespace {

using std::chrono::seconds;

constexpr int kTrends = 20;
constexpr int kSeries = 50;
constexpr int kSamples = 1000;  // of each trend in a second

// Latencies as systems have them: most near to each other, some far above.
std::vector<double> latencies() {
  std::mt19937 random(1);
  std::lognormal_distribution<double> latency(3, 0.5);
  std::vector<double> values(1 << 16);
  for (double& value : values)
    value = latency(random);
  return values;
}

// A run of so many seconds, recorded without any of them passing.
std::uintmax_t size_of_run(const std::string& path, int length) {
  const std::vector<double> values = latencies();
  MetricRegistry registry;
  std::vector<MetricId> metrics;
  for (int i = 0; i < kSeries; ++i) {
    const MetricKind kind = i < kTrends ? MetricKind::kTrend : MetricKind::kCounter;
    metrics.push_back(registry.add("metric_" + std::to_string(i), kind));
  }
  const auto tags = std::make_shared<const TagSet>(TagSet{{"name", "a"}, {"status", "200"}});
  ResultsRecorder recorder(path, registry);
  recorder.begin({});
  uint32_t place = 1;
  for (int second = 1; second <= length; ++second) {
    Snapshot snapshot;
    for (int i = 0; i < kSeries; ++i) {
      SeriesDelta delta{metrics[static_cast<size_t>(i)], tags,
                        Sink(registry.at(metrics[static_cast<size_t>(i)]).kind)};
      for (int n = 0; n < (i < kTrends ? kSamples : 1); ++n) {
        place = place * 1'664'525 + 1'013'904'223;
        delta.sink.add(i < kTrends ? values[place >> 16] : 1000 + place % 50, {});
      }
      snapshot.series.push_back(std::move(delta));
    }
    recorder.add(snapshot);
    recorder.tick({.at = Instant(seconds(second)), .load = seconds(second)});
  }
  recorder.end({.reason = "complete"});
  return std::filesystem::file_size(path);
}

}  // namespace

// An hour of it is the sixtyfold: 20 MB.
TEST_CASE("a minute of 20 trends of 1000 samples a second takes a third of a megabyte") {
  const ScratchFolder folder;
  const std::uintmax_t size = size_of_run(folder / "run.perigee", 60);
  MESSAGE("bytes of a minute: ", size);
  CHECK(size < 20'000'000 / 60);
}

}  // namespace perigee::results
