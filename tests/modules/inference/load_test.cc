// Loads of a model that the built-in target serves.
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/http_answers.h"
#include "tests/support/script_fixture.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

std::string port(const TargetProcess& target) {
  return target.url().substr(target.url().rfind(':') + 1);
}

// A load of these settings, which begins with what its setup returns.
struct Load {
  Load(const TargetProcess& target, const std::string& settings)
      : script(fmt::format(R"lua(
          local inference = require "perigee.inference"
          local load = inference.load{{ address = "127.0.0.1", grpc_port = {0}, rest_port = {0},
            tries = 1, {1} }}
          return {{
            setup = function() return load:setup() end,
            default = function(setup) load:infer(setup) end,
          }}
        )lua",
                           port(target), settings)) {}

  void infer(int times = 1) {
    script.set_up();
    for (int i = 0; i < times; ++i) {
      const IterationResult result = script.iterate();
      INFO(script.vu().error());
      CHECK(result == IterationResult::kCompleted);
    }
  }

  ScriptFixture script;
};

}  // namespace

TEST_CASE("a model is inferred with over any API by its metadata alone") {
  const TargetProcess target;
  for (const std::string api : {"KFS", "REST", "TFS", "TFS-REST"}) {
    INFO(api);
    for (const std::string model : {"iris", "tfsimple", "add10", "echo"}) {
      INFO(model);
      Load load(target, fmt::format("api = \"{}\", model = \"{}\"", api, model));
      load.infer(2);
      CHECK(load.script.samples("inference_req_duration") == 2);
      CHECK(load.script.sum("inference_req_failed") == 0);
      CHECK(load.script.sum("inference_unexpected_shapes") == 0);
      CHECK(load.script.samples(api.ends_with("REST") ? "http_req_duration"
                                                      : "grpc_req_duration") >= 2);
    }
  }
}

TEST_CASE("requests with batches of several sizes take turns") {
  const TargetProcess target;
  Load load(target, "model = \"iris\", batch_sizes = { 1, 2, 4 }");
  load.infer(6);
  CHECK(load.script.sum("inference_frames") == 14);
  CHECK(load.script.sum("inference_req_failed") == 0);
}

TEST_CASE("values go in JSON over REST where binary is switched off") {
  const TargetProcess target;
  Load load(target, "api = \"REST\", model = \"iris\", binary = false");
  load.infer();
  CHECK(load.script.sum("inference_req_failed") == 0);
}

TEST_CASE("an inference that fails is counted, logged and fails the run") {
  const TargetProcess target;
  Load load(target, "model = \"add10\", error_exposition = 1, shapes = { INPUT = { 3 } }");
  load.infer(2);
  CHECK(load.script.sum("inference_req_failed") == 2);
  CHECK(load.script.marked_failed());
  CHECK(load.script.told("an inference has failed: INVALID_ARGUMENT"));
}

TEST_CASE("an output of another shape than the metadata says is counted, and fails nothing") {
  const std::string metadata =
      R"({"name":"m","versions":["1"],"inputs":[{"name":"x","datatype":"FP32","shape":[1,2]}],)"
      R"("outputs":[{"name":"y","datatype":"FP32","shape":[1,3]}]})";
  const std::string response =
      R"({"model_name":"m","outputs":[{"name":"y","datatype":"FP32","shape":[1,2],"data":[1,2]}]})";
  // The connection of setup, and that of the client.
  RawServer server({answers({ok(R"({"name":"s"})"), ok(metadata)}), answers({ok(response)})});
  ScriptFixture script(fmt::format(R"lua(
    local load = require("perigee.inference").load{{ address = "127.0.0.1", rest_port = {},
      model = "m", tries = 1 }}
    return {{
      setup = function() return load:setup() end,
      default = function(setup) load:infer(setup) end,
    }}
  )lua",
                                   server.port()));
  script.set_up();
  CHECK(script.iterate() == IterationResult::kCompleted);
  CHECK(script.sum("inference_req_failed") == 0);
  CHECK(script.sum("inference_unexpected_shapes") == 1);
  CHECK(script.told("has the shape [1,2], its metadata says [1,3]"));
}

TEST_CASE("sequences of a stateful model begin, go on and end over any API") {
  const TargetProcess target;
  for (const std::string api : {"KFS", "REST", "TFS", "TFS-REST"}) {
    INFO(api);
    Load load(target, fmt::format("api = \"{}\", model = \"stateful_sum\", stateful_length = 3, "
                                  "dataset_length = 4, stateful_id = 20, stateful_hop = 5",
                                  api));
    load.infer(12);
    CHECK(load.script.sum("inference_req_failed") == 0);
    CHECK(load.script.sum("inference_unexpected_shapes") == 0);
    CHECK(load.script.sum("inference_frames") == 12);
  }
}

TEST_CASE("a sequence that the server does not know is a failed inference") {
  const TargetProcess target;
  Load load(target, "api = \"KFS\", model = \"stateful_sum\", stateful_length = 2");
  load.infer(1);
  Load other(target, "api = \"TFS\", model = \"stateful_sum\", stateful_length = 2");
  other.infer(1);
  CHECK(load.script.sum("inference_req_failed") == 0);
  CHECK(other.script.sum("inference_req_failed") == 1);
}

}  // namespace perigee
