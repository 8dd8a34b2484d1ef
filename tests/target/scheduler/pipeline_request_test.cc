#include "target/scheduler/pipeline_request.h"

#include <doctest/doctest.h>

#include "tests/target/scheduler/scheduler_fixture.h"

namespace perigee {
namespace {

std::string fault(const PipelineRequest& request) {
  try {
    check_pipeline(request);
  } catch (const SchedulerRefusal& refusal) {
    return refusal.what();
  }
  return "none";
}

PipelineRequest with_input(std::string input) {
  PipelineRequest request = SchedulerFixture::chain("p", {"a", "b"});
  request.steps[1].inputs = {std::move(input)};
  return request;
}

TEST_CASE("inputs name a step or the pipeline, and perhaps a side and a tensor") {
  for (const char* input : {"a", "a.outputs", "a.inputs", "a.outputs.OUTPUT0", "a.inputs.IN.PUT",
                            "p.inputs", "p.inputs.INPUT0"}) {
    CAPTURE(input);
    CHECK(fault(with_input(input)) == "none");
  }
  for (const char* input : {"", "a.", "a.output", "a.outputs.", "p", "p.outputs"}) {
    CAPTURE(input);
    CHECK(fault(with_input(input)) ==
          fmt::format("pipeline p: \"{}\" of step b is no input; write STEP, STEP.outputs, "
                      "STEP.outputs.TENSOR, STEP.inputs.TENSOR or p.inputs",
                      input));
  }
  CHECK(fault(with_input("c")) == "pipeline p: there is no step c, which step b names");
}

TEST_CASE("a step has a name of its own, and not the pipeline's") {
  CHECK(fault(SchedulerFixture::chain("p", {"p"})) ==
        "pipeline p: a step must not have the pipeline's own name");
  CHECK(fault(SchedulerFixture::chain("p", {"a", "a"})) == "pipeline p: there are two steps a");
  CHECK(fault(SchedulerFixture::chain("p", {""})) == "pipeline p: a step has no name");
  CHECK(fault(SchedulerFixture::chain("p", {})) == "pipeline p: it has no steps");
  CHECK(fault(SchedulerFixture::chain("a_b", {"a"})).find("is no name for a pipeline") !=
        std::string::npos);
}

TEST_CASE("steps that wait for each other are refused unless cycles are allowed") {
  PipelineRequest request = SchedulerFixture::chain("p", {"a", "b", "c"});
  request.steps[0].triggers = {"c.outputs"};
  CHECK(fault(request) == "pipeline p: step a waits for itself");
  request.allow_cycles = true;
  CHECK(fault(request) == "none");
}

TEST_CASE("an input is no trigger, and an output comes from a step") {
  PipelineRequest request = SchedulerFixture::chain("p", {"a", "b"});
  request.steps[1].triggers = {"a"};
  CHECK(fault(request) == "pipeline p: a is both an input and a trigger of step b");
  request = SchedulerFixture::chain("p", {"a"});
  request.has_output = true;
  CHECK(fault(request) == "pipeline p: its output names no step");
  request.outputs = {"b"};
  CHECK(fault(request) == "pipeline p: there is no step b, which the output names");
  request.outputs = {"p.inputs"};
  CHECK(fault(request) == "pipeline p: its output must come from a step");
  request.outputs = {"a.outputs.x"};
  CHECK(fault(request) == "none");
}

}  // namespace
}  // namespace perigee
