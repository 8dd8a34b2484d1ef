#include "engine/execution/iteration_errors.h"

#include <doctest/doctest.h>

#include "tests/engine/execution/executor_rig.h"

namespace perigee {
namespace {

using Sentences = std::vector<std::string>;

// Two scenarios, or the first of them, and what became of their iterations.
struct Ended {
  explicit Ended(size_t scenarios_given) {
    for (size_t i = 0; i < scenarios_given; ++i) {
      scenarios.push_back(scenario(i == 0 ? "browse" : "buy", ConstantVus{}));
      progress.emplace_back(1);
    }
  }
  Sentences sentences() const { return describe_iteration_errors(scenarios, progress); }

  std::vector<Scenario> scenarios;
  std::deque<ScenarioProgress> progress;
};

TEST_CASE("the number of errors is said, and the first without its stack") {
  Ended run(1);
  run.progress[0].completed = 20;
  CHECK(run.sentences() == Sentences{});
  run.progress[0].record_failure("script.lua:6: no token\nstack traceback:\n...");
  run.progress[0].record_failure("script.lua:9: no answer");
  CHECK(run.sentences() ==
        Sentences{"2 of 20 iterations ended with an error, first: script.lua:6: no token"});
}

TEST_CASE("of several scenarios each is named that had errors") {
  Ended run(2);
  run.progress[0].completed = run.progress[1].completed = 3;
  run.progress[1].record_failure("no token");
  CHECK(run.sentences() ==
        Sentences{"Scenario buy: 1 of 3 iterations ended with an error, first: no token"});
}

TEST_CASE("a long error is cut at a character") {
  Ended run(1);
  run.progress[0].completed = 1;
  std::string error;
  for (int i = 0; i < 101; ++i)
    error += "€";
  run.progress[0].record_failure(error);
  CHECK(run.sentences()[0].ends_with(": " + error.substr(0, 300) + "…"));
}

}  // namespace
}  // namespace perigee
