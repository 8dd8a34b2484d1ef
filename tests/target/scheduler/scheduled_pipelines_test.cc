#include "target/scheduler/scheduled_pipelines.h"

#include <doctest/doctest.h>

#include "target/bad_request.h"
#include "tests/target/scheduler/scheduler_fixture.h"

namespace perigee {
namespace {

using std::chrono::seconds;
using Reports = std::vector<std::string>;

SchedulerOptions taking(int64_t time) {
  SchedulerOptions options;
  options.pipeline_time = seconds(time);
  return options;
}

std::vector<Tensor> infer(const SchedulerFixture& scheduler, std::string_view name,
                          const Tensor& input) {
  InferenceRepository::Entry entry;
  REQUIRE(scheduler.repository.find(name, {}, scheduler.now, entry));
  return entry.type->predict(std::span(&input, 1));
}

Tensor numbers(std::string name, double first) {
  return {std::move(name), Datatype::kFp32, {4}, Reals{first, 1, 2, 3}};
}

TEST_CASE("a pipeline is created, and ready after a time, whether or not its models are") {
  SchedulerFixture scheduler(taking(2));
  scheduler.load(SchedulerFixture::chain("p", {"iris-1"}));
  CHECK(scheduler.pipeline("p") == "creating v1, models missing");
  CHECK(!scheduler.served("p.pipeline"));
  scheduler.pass(seconds(2));
  CHECK(scheduler.pipeline("p") == "ready v1, models missing");
  CHECK(scheduler.served("p.pipeline"));
  CHECK(scheduler.reported() == Reports{"p create", "p creating", "p ready"});
  scheduler.load(SchedulerFixture::iris());
  CHECK(scheduler.pipeline("p") == "ready v1, models ready");
  CHECK(scheduler.reported() == Reports{"iris-1 progressing", "iris-1 available", "p ready"});
  scheduler.unload("iris-1");
  CHECK(scheduler.pipeline("p") == "ready v1, models missing");
}

TEST_CASE("an unloaded pipeline is not served at once, and terminated after a time") {
  SchedulerFixture scheduler(taking(2));
  scheduler.load(SchedulerFixture::chain("p", {"iris-1"}));
  scheduler.pass(seconds(2));
  scheduler.reported();
  scheduler.state.unload_pipeline("p", scheduler.now);
  CHECK(!scheduler.served("p.pipeline"));
  CHECK(scheduler.refusal(SchedulerFixture::chain("p", {"a"})).find("is being unloaded") !=
        std::string::npos);
  CHECK_THROWS_WITH_AS(scheduler.state.unload_pipeline("p", scheduler.now),
                       "pipeline p is being unloaded already", SchedulerRefusal);
  scheduler.pass(seconds(2));
  CHECK(scheduler.pipeline("p") == "terminated v1, models missing");
  CHECK(scheduler.reported() == Reports{"p terminate", "p terminating", "p terminated"});
  CHECK_THROWS_WITH_AS(scheduler.state.unload_pipeline("p", scheduler.now),
                       "pipeline p has been unloaded already", SchedulerRefusal);
  CHECK_THROWS_WITH_AS(scheduler.state.unload_pipeline("q", scheduler.now),
                       "there is no pipeline \"q\" to unload", SchedulerRefusal);
}

TEST_CASE("loading it again makes a version, but not for the same resource of Kubernetes") {
  SchedulerFixture scheduler(taking(2));
  PipelineRequest request = SchedulerFixture::chain("p", {"iris-1"});
  request.generation = 4;
  scheduler.load(request);
  scheduler.load(request);
  CHECK(scheduler.pipeline("p") == "creating v1, models missing");
  scheduler.pass(seconds(2));
  request.generation = 5;
  scheduler.load(request);
  CHECK(scheduler.pipeline("p") == "creating v2, models missing");
  CHECK(scheduler.served("p.pipeline", "1"));
  scheduler.pass(seconds(4));
  CHECK(scheduler.served("p.pipeline", "2"));
  CHECK(scheduler.state.pipelines().get("p").versions.front().gone());
}

TEST_CASE("a pipeline that is unloaded while it is created never becomes ready") {
  SchedulerFixture scheduler(taking(2));
  scheduler.load(SchedulerFixture::chain("p", {"iris-1"}));
  scheduler.state.unload_pipeline("p", scheduler.now);
  scheduler.pass(seconds(9));
  CHECK(scheduler.pipeline("p") == "terminated v1, models missing");
  CHECK(!scheduler.served("p.pipeline"));
}

TEST_CASE("an inference goes through the steps, whose tensors are renamed as the pipeline says") {
  SchedulerFixture scheduler;
  ModelRequest add10 = SchedulerFixture::iris("first");
  add10.uri = add10.specification = "gs://seldon-models/triton/add10";
  for (const char* name : {"first", "second"}) {
    add10.name = name;
    scheduler.load(add10);
  }
  PipelineRequest request = SchedulerFixture::chain("p", {"first", "second"});
  scheduler.load(request);
  CHECK_THROWS_WITH_AS(infer(scheduler, "p.pipeline", numbers("INPUT", 1)),
                       "step second of pipeline p: model add10 has no input \"OUTPUT\"; it takes "
                       "INPUT",
                       BadRequest);
  request.steps[1].tensor_map = {{"first.outputs.OUTPUT", "INPUT"}};
  scheduler.load(request);
  const std::vector<Tensor> outputs = infer(scheduler, "p.pipeline", numbers("INPUT", 1));
  REQUIRE(outputs.size() == 1);
  CHECK(outputs[0].name == "OUTPUT");
  CHECK(outputs[0].reals()[0] == 21);
  request.has_output = true;
  request.outputs = {"first.outputs.OUTPUT", "second.inputs"};
  scheduler.load(request);
  CHECK(infer(scheduler, "p.pipeline", numbers("INPUT", 1)).size() == 2);
  scheduler.unload("second");
  CHECK_THROWS_WITH_AS(infer(scheduler, "p.pipeline", numbers("INPUT", 1)),
                       "step second of pipeline p: model second is not loaded", BadRequest);
}

}  // namespace
}  // namespace perigee
