#include "engine/output/summary_blocks.h"

#include <doctest/doctest.h>

#include "tests/engine/output/sample_run.h"

namespace perigee {
namespace {

std::vector<std::string> names_of(const std::vector<SummaryBlock>& blocks) {
  std::vector<std::string> names;
  for (const SummaryBlock& block : blocks)
    names.push_back(block.name);
  return names;
}

const SummaryMetric& metric(const SummaryBlock& block, const std::string& name) {
  for (const SummaryMetric& metric : block.metrics) {
    if (metric.name == name) return metric;
  }
  FAIL("there is no metric ", name);
  std::abort();
}

TEST_CASE("a named scenario has a block with all it measured and its groups") {
  SampleRun run;
  run.add("http_reqs", {{"scenario", "a"}, {"group", ""}}, {1, 1});
  run.add("http_reqs", {{"scenario", "a"}, {"group", "::login"}}, {1, 1, 1});
  run.add("http_reqs", {{"scenario", "b"}, {"group", ""}}, {1});
  const SummaryBlocks blocks = run.blocks();
  CHECK(blocks.groups.empty());
  CHECK(names_of(blocks.scenarios) == std::vector<std::string>{"a", "b"});
  CHECK(metric(blocks.scenarios[0], "http_reqs").value("count") == 5);
  CHECK(metric(blocks.scenarios[0], "http_reqs").value("rate") == 0.5);
  CHECK(names_of(blocks.scenarios[0].groups) == std::vector<std::string>{"login"});
  CHECK(metric(blocks.scenarios[0].groups[0], "http_reqs").value("count") == 3);
}

TEST_CASE("a scenario has the rows that are always shown, a group has not") {
  SampleRun run;
  run.add("http_reqs", {{"scenario", "a"}, {"group", "::login"}}, {1});
  const SummaryBlock scenario = run.blocks().scenarios.at(0);
  CHECK(metric(scenario, "data_sent").value("count") == 0);
  CHECK(metric(scenario, "iterations").value("count") == 0);
  CHECK(metric(scenario, "iteration_duration").no_samples);
  CHECK(scenario.groups.at(0).metrics.size() == 1);
}

TEST_CASE("scenarios come in the order of the options, whatever was measured first") {
  SampleRun run;
  for (const char* scenario : {"a", "c", "b"})
    run.add("http_reqs", {{"scenario", scenario}}, {1});
  run.scenarios = {"c", "b", "a", "never ran"};
  CHECK(names_of(run.blocks().scenarios) == std::vector<std::string>{"c", "b", "a"});
}

TEST_CASE("what a group measures is not in the group around it") {
  SampleRun run;
  run.add("http_reqs", {{"scenario", "default"}, {"group", "::outer"}}, {1});
  run.add("http_reqs", {{"scenario", "default"}, {"group", "::outer::inner"}}, {1, 1});
  const SummaryBlocks blocks = run.blocks();
  CHECK(blocks.scenarios.empty());
  CHECK(metric(blocks.groups.at(0), "http_reqs").value("count") == 1);
  CHECK(metric(blocks.groups.at(0).groups.at(0), "http_reqs").value("count") == 2);
}

TEST_CASE("setup and teardown are no groups") {
  SampleRun run;
  run.add("http_reqs", {{"group", "::setup"}}, {1});
  run.add("http_reqs", {{"group", "::teardown"}}, {1});
  CHECK(run.blocks().groups.empty());
}

TEST_CASE("a block lists its checks, added up over its tags") {
  SampleRun run;
  run.add("checks", {{"check", "ok"}, {"group", ""}, {"scenario", "a"}}, {1, 0});
  run.add("checks", {{"check", "ok"}, {"group", "::g"}, {"scenario", "a"}, {"x", "1"}}, {1});
  const SummaryBlocks blocks = run.blocks();
  REQUIRE(blocks.scenarios.at(0).checks.size() == 1);
  CHECK(blocks.scenarios[0].checks[0].passes == 2);
  CHECK(blocks.scenarios[0].checks[0].fails == 1);
  CHECK(blocks.scenarios[0].groups.at(0).checks.at(0).passes == 1);
}

}  // namespace
}  // namespace perigee
