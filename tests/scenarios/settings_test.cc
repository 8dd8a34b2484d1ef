#include <string>

#include <doctest/doctest.h>

#include "tests/scenarios/scenario_run.h"

namespace perigee {
namespace {

struct BadSetting {
  const char* name;
  const char* value;
  const char* message;
};

constexpr BadSetting kBadSettings[] = {
    {"WARMUP", "maybe", "WARMUP=maybe: must be 1, true or yes for on; 0, false or no for off"},
    {"MAX_NUM_MODELS", "1.5", "MAX_NUM_MODELS=1.5: must be a whole number of at least 0"},
    {"MAX_NUM_MODELS", "1,2", "MAX_NUM_MODELS=1,2: must be a list of 1: one for each MODEL_TYPE"},
    {"INFER_BATCH_SIZE", "0", "INFER_BATCH_SIZE=0: must be a whole number of at least 1"},
    {"REQUEST_RATE", "-3", "REQUEST_RATE=-3: must be a number above 0"},
    {"REQUEST_RATE", "nan", "REQUEST_RATE=nan: must be a number above 0"},
    {"INFER_HTTP_ENDPOINT", "127.0.0.1:9000",
     "INFER_HTTP_ENDPOINT=127.0.0.1:9000: must be a URL like http://127.0.0.1:9000"},
    {"MODEL_TYPE", "iris,", "MODEL_TYPE=iris,: must be a list like a,b,c without empty items"},
    {"MODEL_TYPE", "irish", "MODEL_TYPE: there is no model type irish; there are add10, echo, "},
    {"CONTROL_PLANE", "kubernetes",
     "CONTROL_PLANE=kubernetes: must be http: nothing else is available in this version"},
    {"USE_KUBE_CONTROL_PLANE", "true",
     "USE_KUBE_CONTROL_PLANE=true: not available in this version; leave it unset"},
    {"INFER_GRPC_ITERATIONS", "1",
     "INFER_GRPC_ITERATIONS=1: gRPC is not available in this version; set it to 0"},
    {"INFER_TYPE", "gRPC",
     "INFER_TYPE=gRPC: must be REST: nothing else is available in this version"},
};

}  // namespace

TEST_CASE("a bad setting ends the run before the load, with a message that names the variable") {
  for (const BadSetting& bad : kBadSettings) {
    const ScenarioRun run =
        run_scenario("infer_constant_rate.lua", {}, {.environment = {{bad.name, bad.value}}});
    INFO(std::string(bad.name), "=", std::string(bad.value), ": ", run.process.err);
    CHECK(run.process.exit_code == 107);
    CHECK(run.process.err.find(bad.message) != std::string::npos);
  }
}

TEST_CASE("MODEL_NAME is refused with more than one model") {
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {},
                   {.environment = {{"MODEL_NAME", "iris"}, {"MAX_NUM_MODELS", "2"}}});
  CHECK(run.process.exit_code == 107);
  CHECK(run.process.err.find("MODEL_NAME names one model") != std::string::npos);
}

}  // namespace perigee
