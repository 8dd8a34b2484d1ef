#include "engine/metrics/registry.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"

namespace perigee {
namespace {

TEST_CASE("the same metric added twice is one metric") {
  MetricRegistry registry;
  const MetricId id = registry.add("queue_time", MetricKind::kTrend, ValueKind::kTime);
  CHECK(registry.add("queue_time", MetricKind::kTrend, ValueKind::kTime) == id);
  CHECK(registry.size() == 1);
  CHECK(registry.at(id).name == "queue_time");
  CHECK(registry.at(id).contains == ValueKind::kTime);
}

TEST_CASE("a name can't belong to two kinds of metric") {
  MetricRegistry registry;
  registry.add("queue_time", MetricKind::kTrend, ValueKind::kTime);
  CHECK_THROWS_WITH_AS(
      registry.add("queue_time", MetricKind::kCounter),
      "metric \"queue_time\" exists already as a trend of time, it can't be a counter too",
      ConfigError);
  CHECK_THROWS_AS(registry.add("queue_time", MetricKind::kTrend), ConfigError);
}

TEST_CASE("names follow k6's rule") {
  MetricRegistry registry;
  CHECK_NOTHROW(registry.add("_9", MetricKind::kCounter));
  CHECK_NOTHROW(registry.add(std::string(129, 'a'), MetricKind::kCounter));
  CHECK_THROWS_AS(registry.add("a", MetricKind::kCounter), ConfigError);
  CHECK_THROWS_AS(registry.add("", MetricKind::kCounter), ConfigError);
  CHECK_THROWS_AS(registry.add("9lives", MetricKind::kCounter), ConfigError);
  CHECK_THROWS_AS(registry.add("queue time", MetricKind::kCounter), ConfigError);
  CHECK_THROWS_AS(registry.add("tempo_médio", MetricKind::kCounter), ConfigError);
  CHECK_THROWS_AS(registry.add(std::string(130, 'a'), MetricKind::kCounter), ConfigError);
}

TEST_CASE("metrics are found by name and come in the order they were added") {
  MetricRegistry registry;
  registry.add("zebras", MetricKind::kCounter);
  registry.add("apples", MetricKind::kGauge);
  REQUIRE(registry.find("apples") != nullptr);
  CHECK(registry.find("apples")->kind == MetricKind::kGauge);
  CHECK(registry.find("pears") == nullptr);
  std::vector<std::string> names;
  for (const Metric& metric : registry)
    names.push_back(metric.name);
  CHECK(names == std::vector<std::string>{"zebras", "apples"});
}

TEST_CASE("a worker's copy does not see metrics added later") {
  MetricRegistry registry;
  registry.add("zebras", MetricKind::kCounter);
  const MetricRegistry copy = registry;
  registry.add("apples", MetricKind::kGauge);
  CHECK(copy.size() == 1);
  CHECK(copy.find("apples") == nullptr);
  CHECK(copy.find("zebras")->id == registry.find("zebras")->id);
}

TEST_CASE("every run has k6's built-in metrics") {
  MetricRegistry registry;
  const BuiltinMetrics builtin = declare_builtins(registry);
  CHECK(registry.at(builtin.vus).kind == MetricKind::kGauge);
  CHECK(registry.at(builtin.checks).kind == MetricKind::kRate);
  CHECK(registry.at(builtin.iteration_duration).contains == ValueKind::kTime);
  CHECK(registry.at(builtin.data_received).contains == ValueKind::kData);
  CHECK(registry.at(builtin.dropped_iterations).name == "dropped_iterations");
  CHECK(registry.size() == 16);
}

}  // namespace
}  // namespace perigee
