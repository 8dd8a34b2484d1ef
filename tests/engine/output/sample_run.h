// A small run with figures that are easy to check by hand, for tests of what is made from it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/metrics/aggregator.h"
#include "engine/metrics/shard.h"
#include "engine/output/summary.h"

namespace perigee {

// Ten seconds, 20 iterations, 40 requests, 40 checks of which one failed, one group in another.
class SampleRun {
 public:
  // The tap, if there is one, sees every sample and must outlive the run.
  explicit SampleRun(SampleTap* tap = nullptr) : tap_(tap) {
    declare_builtins(registry_);
    for (const char* name :
         {"http_req_blocked", "http_req_connecting", "http_req_duration", "http_req_waiting"}) {
      registry_.add(name, MetricKind::kTrend, ValueKind::kTime);
    }
    registry_.add("http_reqs", MetricKind::kCounter);
    registry_.add("http_req_failed", MetricKind::kRate);
    registry_.add("http_reqs_interrupted", MetricKind::kCounter);
    registry_.add("tokens_out", MetricKind::kCounter);
    registry_.add("queue_depth", MetricKind::kGauge);
  }

  void threshold(const std::string& selector, const std::vector<std::string>& expressions) {
    std::vector<Threshold> thresholds;
    thresholds.reserve(expressions.size());
    for (const std::string& text : expressions)
      thresholds.push_back(parse_threshold(text));
    definitions_.push_back({selector, std::move(thresholds)});
  }

  void add(const std::string& metric, const TagSet& tags, const std::vector<double>& values) {
    const TagSetId id = shard().tags().intern(tags);
    const SeriesId series = shard().series(registry_.find(metric)->id, id);
    for (double value : values)
      shard().add(series, value, second(1));
  }

  // What `scenarios/` would measure in ten seconds against a quick server.
  void add_usual_samples() {
    for (int i = 0; i < 40; ++i) {
      const bool ok = i != 39;
      const TagSet tags{{"expected_response", ok ? "true" : "false"}};
      add("http_reqs", tags, {1});
      add("http_req_failed", tags, {ok ? 0.0 : 1.0});
      add("http_req_duration", tags, {ok ? 80.0 : 140.0});
      add("http_req_blocked", tags, {0.001});
      add("http_req_connecting", tags, {0});
      add("http_req_waiting", tags, {70});
    }
    add("checks", {{"group", ""}, {"check", "status is 200"}}, std::vector<double>(19, 1));
    add("checks", {{"group", ""}, {"check", "status is 200"}}, {0});
    add("checks", {{"group", "::login::token"}, {"check", "has a token"}},
        std::vector<double>(20, 1));
    add("group_duration", {{"group", "::login"}}, {500});
    add("iterations", {}, std::vector<double>(20, 1));
    add("iteration_duration", {}, std::vector<double>(20, 500));
    add("iteration_start_delay", {}, std::vector<double>(20, 0.0623));
    add("iterations_interrupted", {}, {0});
    add("http_reqs_interrupted", {}, {0});
    add("data_sent", {}, {4'860});
    add("data_received", {}, {519'000});
    add("tokens_out", {}, {1'234.5});
    add("vus", {}, {1, 5, 4});
    add("vus_max", {}, {5});
  }

  // With a block for each scenario and group.
  SummaryBlocks blocks() { return summary({}, true).blocks; }

  Summary summary(std::vector<std::string> warnings = {}, bool blocks = false) {
    Aggregator aggregator(registry_, thresholds());
    return summary(std::move(warnings), aggregator, blocks);
  }

  // The same, and the aggregator, which must be new, holds what the summary is made of.
  Summary summary(std::vector<std::string> warnings, Aggregator& aggregator, bool blocks = false) {
    if (!taken_) taken_ = write_snapshot(shard().take(second(0), second(10)), registry_);
    aggregator.add(read_snapshot(*taken_, registry_));
    SummarySettings settings;
    settings.blocks = blocks;
    settings.scenarios = scenarios;
    settings.load_seconds = 10;
    settings.test_run_duration = std::chrono::seconds(12);
    settings.warnings = std::move(warnings);
    return make_summary(aggregator, std::move(settings));
  }

  // In the order of the options.
  std::vector<std::string> scenarios;

  ThresholdSet thresholds() const { return {definitions_, registry_}; }
  const MetricRegistry& registry() const { return registry_; }

 private:
  static Instant second(int64_t count) { return Instant(std::chrono::seconds(count)); }

  // The shard begins once all metrics are known.
  MetricShard& shard() {
    if (shard_ == nullptr) shard_ = std::make_unique<MetricShard>(registry_, tap_);
    return *shard_;
  }

  SampleTap* tap_;
  MetricRegistry registry_;
  std::vector<ThresholdDefinition> definitions_;
  std::unique_ptr<MetricShard> shard_;
  // What was measured, for summaries to be made of it again and again.
  std::optional<std::string> taken_;
};

}  // namespace perigee
