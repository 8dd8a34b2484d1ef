#include <stdexcept>

#include <doctest/doctest.h>

#include "tests/engine/execution/executor_rig.h"
#include "tests/engine/execution/run_rig.h"

namespace perigee {
namespace {

using namespace std::chrono_literals;

class BrokenOutput final : public SampleOutput {
 public:
  std::string name() const override { return "broken"; }
  void write(const SampleBatch&) override { throw std::runtime_error("disk full"); }
  void finish() override {}
};

std::vector<Scenario> mixed_load() {
  return {scenario("open",
                   ConstantArrivalRate{
                       .rate = 500, .duration = 1200ms, .pre_allocated_vus = 2, .max_vus = 3}),
          scenario("share", SharedIterations{.vus = 4, .iterations = 20'000})};
}

FakeScript some_fail() {
  return {.iteration = [](const VirtualUser&, const Iteration& iteration) {
    FakeIteration plan;
    if (iteration.number % 50 == 0) plan.takes = 3ms;
    if (iteration.number % 7 == 0) plan.result = IterationResult::kFailed;
    return plan;
  }};
}

TEST_CASE("an output gets a row for every sample in the totals, those of the end included") {
  RunRig rig(mixed_load(), 3, some_fail());
  Rows rows;
  rig.add_output(rows);
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kComplete);
  CHECK(result.output_errors.empty());
  CHECK(rows.finished);
  CHECK(rig.count("iterations") + rig.count("dropped_iterations") == 20'000 + 600);
  CHECK(rows.rows["iterations"] == rig.count("iterations"));
  CHECK(rows.rows["iteration_duration"] == rig.count("iterations"));
  CHECK(rows.rows["iteration_errors"] == rig.count("iteration_errors"));
  CHECK(rows.sums["dropped_iterations"] == static_cast<double>(rig.count("dropped_iterations")));
  for (const MetricId metric : rig.aggregator().seen()) {
    const Metric& seen = rig.plan.registry.at(metric);
    CAPTURE(seen.name);
    CHECK(rows.rows[seen.name] == rig.aggregator().total(metric)->samples());
  }
  CHECK(rows.rows.size() == rig.aggregator().seen().size());
}

TEST_CASE("an output that fails is told at the end, and neither the load nor others suffer") {
  RunRig rig(mixed_load(), 2, some_fail());
  Rows rows;
  rig.outputs.push_back(std::make_unique<BrokenOutput>());
  rig.add_output(rows);
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kComplete);
  REQUIRE(result.output_errors.size() == 1);
  CHECK(result.output_errors[0].find("broken is incomplete: disk full") == 0);
  CHECK(rows.rows["iterations"] == rig.count("iterations"));
}

TEST_CASE("an aborted run's output is complete too") {
  RunRig* running = nullptr;
  RunRig rig({scenario("steady", ConstantVus{.vus = 8, .duration = 1h})}, 2,
             {.iteration = [&](const VirtualUser&, const Iteration& iteration) {
               if (iteration.number == 5000) running->control().abort_from_script("enough");
               return FakeIteration{.takes = iteration.number % 100 == 0 ? 1ms : 0ms};
             }});
  running = &rig;
  Rows rows;
  rig.add_output(rows);
  const RunResult result = rig.execute();
  CHECK(result.end == RunEnd::kScriptAbort);
  CHECK(rig.count("iterations") >= 5000);
  CHECK(rows.rows["iterations"] == rig.count("iterations"));
  CHECK(rows.rows["iterations_interrupted"] == rig.count("iterations_interrupted"));
  CHECK(rows.finished);
}

}  // namespace
}  // namespace perigee
