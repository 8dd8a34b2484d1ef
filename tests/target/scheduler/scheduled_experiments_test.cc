#include "target/scheduler/scheduled_experiments.h"

#include <doctest/doctest.h>

#include "tests/target/scheduler/scheduler_fixture.h"

namespace perigee {
namespace {

using Reports = std::vector<std::string>;

ExperimentRequest between(std::vector<TrafficSplit::Part> candidates) {
  ExperimentRequest request;
  request.name = "e";
  request.candidates = std::move(candidates);
  return request;
}

// Which model has answered how many of 100 requests for the name.
std::map<std::string, int> shares(const SchedulerFixture& scheduler, std::string_view name) {
  std::map<std::string, int> counts;
  InferenceRepository::Entry entry;
  for (int i = 0; i < 100; ++i) {
    if (scheduler.repository.find(name, {}, scheduler.now, entry)) ++counts[entry.name];
  }
  return counts;
}

using Shares = std::map<std::string, int>;

TEST_CASE("an experiment is active while its candidates are there, and splits its traffic") {
  SchedulerFixture scheduler;
  scheduler.load(SchedulerFixture::iris("iris-1"));
  scheduler.reported();
  scheduler.state.start_experiment(between({{"iris-1", 70}, {"iris-2", 30}}));
  CHECK(scheduler.reported() == Reports{"e: not ready: iris-2"});
  CHECK(!scheduler.served("e.experiment"));
  scheduler.load(SchedulerFixture::iris("iris-2"));
  CHECK(scheduler.reported() ==
        Reports{"iris-2 progressing", "iris-2 available", "e: experiment active"});
  CHECK(shares(scheduler, "e.experiment") == Shares{{"iris-1", 70}, {"iris-2", 30}});
  CHECK(shares(scheduler, "iris-1") == Shares{{"iris-1", 100}});
  scheduler.unload("iris-1");
  CHECK(!scheduler.served("e.experiment"));
  CHECK(!scheduler.state.experiments().get("e").active);
}

TEST_CASE("the traffic of an experiment's default is split, too, until it is stopped") {
  SchedulerFixture scheduler;
  for (const char* name : {"iris-1", "iris-2"})
    scheduler.load(SchedulerFixture::iris(name));
  ExperimentRequest request = between({{"iris-1", 50}, {"iris-2", 50}});
  request.default_candidate = "iris-1";
  scheduler.state.start_experiment(request);
  CHECK(shares(scheduler, "iris-1") == Shares{{"iris-1", 50}, {"iris-2", 50}});
  scheduler.state.stop_experiment("e");
  CHECK(shares(scheduler, "iris-1") == Shares{{"iris-1", 100}});
  CHECK(!scheduler.served("e.experiment"));
  CHECK(scheduler.state.experiments().get("e").description == "experiment stopped");
  scheduler.state.stop_experiment("e");
  scheduler.state.start_experiment(request);
  CHECK(scheduler.state.experiments().get("e").active);
}

TEST_CASE("pipelines can be candidates") {
  SchedulerFixture scheduler;
  for (const char* name : {"p", "q"})
    scheduler.load(SchedulerFixture::chain(name, {"iris-1"}));
  ExperimentRequest request = between({{"p", 1}, {"q", 1}});
  request.of_pipelines = true;
  request.default_candidate = "p";
  scheduler.state.start_experiment(request);
  CHECK(shares(scheduler, "e.experiment") == Shares{{"p.pipeline", 50}, {"q.pipeline", 50}});
  CHECK(shares(scheduler, "p.pipeline") == Shares{{"p.pipeline", 50}, {"q.pipeline", 50}});
  scheduler.state.unload_pipeline("p", scheduler.now);
  CHECK(!scheduler.served("e.experiment"));
  CHECK(!scheduler.served("p.pipeline"));
}

TEST_CASE("a mirror must be there, too") {
  SchedulerFixture scheduler;
  scheduler.load(SchedulerFixture::iris("iris-1"));
  ExperimentRequest request = between({{"iris-1", 50}});
  request.mirror = "iris-2";
  scheduler.state.start_experiment(request);
  const ScheduledExperiment& experiment = scheduler.state.experiments().get("e");
  CHECK(experiment.candidates_ready);
  CHECK(!experiment.mirror_ready);
  CHECK(!experiment.active);
  scheduler.load(SchedulerFixture::iris("iris-2"));
  CHECK(experiment.active);
}

TEST_CASE("experiments that can't be are refused") {
  SchedulerFixture scheduler;
  const auto refusal = [&](const ExperimentRequest& request) -> std::string {
    try {
      scheduler.state.start_experiment(request);
    } catch (const SchedulerRefusal& refused) {
      return refused.what();
    }
    return "taken";
  };
  CHECK(refusal(between({})) == "experiment e has no candidates");
  CHECK(refusal(between({{"", 1}})) == "a candidate of experiment e has no name");
  CHECK(refusal(between({{"a", 1}, {"a", 1}})) ==
        "experiment e has the candidate a more than once");
  ExperimentRequest request = between({{"a", 1}});
  request.default_candidate = "b";
  CHECK(refusal(request) == "b, the default of experiment e, is none of its candidates");
  request.default_candidate = "a";
  CHECK(refusal(request) == "taken");
  request.name = "f";
  CHECK(refusal(request) == "a is the default of experiment e already");
  request.name = "F";
  CHECK(refusal(request).find("is no name for an experiment") != std::string::npos);
  CHECK_THROWS_WITH_AS(scheduler.state.stop_experiment("x"), "there is no experiment \"x\" to stop",
                       SchedulerRefusal);
}

}  // namespace
}  // namespace perigee
