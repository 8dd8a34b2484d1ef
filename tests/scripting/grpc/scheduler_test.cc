// The scheduler of the target from scripts, as those that load models before
// they infer use it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/script_fixture.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

// `call` one of its methods, and `wait` until a status stream tells a state.
std::string scheduler_script(const std::string& url, std::string_view body) {
  return fmt::format(R"lua(
    local grpc = require "perigee.grpc"
    local http = require "perigee.http"
    local url, address = "{0}", "{1}"
    local scheduler = "seldon.mlops.scheduler.Scheduler/"
    local client = grpc.client()
    client:load({{ "scenarios/protos" }}, "mlops/scheduler/scheduler.proto", "inference/inference.proto")
    local function call(method, message)
      local res = client:invoke(scheduler .. method, message)
      return res.status, res.error and res.error.message
    end
    local function subscribe(method)
      local stream = client:stream(scheduler .. method)
      stream:send({{ subscriberName = "test" }})
      return stream
    end
    local function wait(stream, wanted)
      local seen = {{}}
      for message in stream:messages() do
        local status = message.versions[1].state
        seen[#seen + 1] = status.state or status.status
        if seen[#seen] == wanted then return table.concat(seen, " ") end
      end
      error("the stream has ended after " .. table.concat(seen, " "))
    end
    return {{ default = function()
      client:connect(address, {{ plaintext = true }})
      {2}
    end }}
  )lua",
                     url, url.substr(7), body);
}

TEST_CASE("a script loads a model and a pipeline, infers by both and unloads them") {
  const TargetProcess target({"--no-models", "--load-time", "10ms", "--pipeline-time", "10ms"});
  ScriptFixture script(scheduler_script(target.url(), R"lua(
    local models = subscribe("SubscribeModelStatus")
    local pipelines = subscribe("SubscribePipelineStatus")
    assert(call("LoadModel", { model = {
      meta = { name = "iris-1" },
      modelSpec = { uri = "gs://seldon-models/testing/iris1", requirements = { "sklearn" } },
      deploymentSpec = { replicas = 1 },
    } }) == grpc.StatusOK)
    assert(wait(models, "ModelAvailable") == "ModelProgressing ModelAvailable")
    call("LoadPipeline", { pipeline = { name = "p", steps = { { name = "iris-1" } } } })
    assert(wait(pipelines, "PipelineReady") == "PipelineCreate PipelineCreating PipelineReady")
    local body = [[{"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}]]
    local input = {
      name = "predict", datatype = "FP32", shape = { 1, 4 },
      contents = { fp32_contents = { 1, 2, 3, 4 } },
    }
    for _, name in ipairs({ "iris-1", "p.pipeline" }) do
      local over_http = http.post(url .. "/v2/models/x/infer", body, { headers = { ["seldon-model"] = name } })
      assert(over_http:json().outputs[1].data[1] == 2)
      local over_grpc = client:invoke("inference.GRPCInferenceService/ModelInfer",
        { model_name = "x", inputs = { input } }, { metadata = { ["seldon-model"] = name } })
      assert(over_grpc.message.outputs[1].contents.int64_contents[1] == 2)
    end
    call("UnloadPipeline", { name = "p" })
    wait(pipelines, "PipelineTerminated")
    call("UnloadModel", { model = { name = "iris-1" } })
    wait(models, "ModelTerminated")
    assert(http.post(url .. "/v2/models/iris-1/infer", body).status == 404)
  )lua"));
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

TEST_CASE("a script reads why a model has failed, and why another was not taken") {
  const TargetProcess target;
  ScriptFixture script(scheduler_script(target.url(), R"lua(
    local models = subscribe("SubscribeModelStatus")
    call("LoadModel", { model = { meta = { name = "fail-1" }, modelSpec = { uri = "gs://none" } } })
    assert(wait(models, "ModelFailed") == "ModelProgressing ModelFailed")
    local status = client:stream(scheduler .. "ModelStatus")
    status:send({ model = { name = "fail-1" } })
    assert(status:receive().versions[1].state.reason:find("gs://none", 1, true))
    assert(select(2, status:receive()) == "end" and status.status == grpc.StatusOK)
    local code, message = call("LoadModel", { model = { meta = { name = "tf_simple" } } })
    assert(code == grpc.StatusFailedPrecondition and message:find("tf_simple", 1, true))
  )lua"));
  const IterationResult result = script.iterate();
  INFO(script.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

}  // namespace
}  // namespace perigee
