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
    {"MAX_NUM_MODELS", "1.5", "MAX_NUM_MODELS=1.5: must be a whole number from 0 to 1000000"},
    {"MAX_NUM_MODELS", "1,2", "MAX_NUM_MODELS=1,2: must be a list of 1: one for each MODEL_TYPE"},
    {"INFER_BATCH_SIZE", "0", "INFER_BATCH_SIZE=0: must be a whole number from 1 to 1000000"},
    {"REQUEST_RATE", "-3", "REQUEST_RATE=-3: must be a number above 0"},
    {"REQUEST_RATE", "nan", "REQUEST_RATE=nan: must be a number above 0"},
    {"INFER_HTTP_ENDPOINT", "127.0.0.1:9000",
     "INFER_HTTP_ENDPOINT=127.0.0.1:9000: must be a URL like http://127.0.0.1:9000"},
    {"MODEL_TYPE", "iris,", "MODEL_TYPE=iris,: must be a list like a,b,c without empty items"},
    {"MODEL_TYPE", "irish", "MODEL_TYPE: there is no model type irish; there are add10, echo, "},
    {"CONTROL_PLANE", "mesh", "CONTROL_PLANE=mesh: must be http or scheduler"},
    {"CONTROL_PLANE", "kube",
     "CONTROL_PLANE=kube: Kubernetes is not available in this version; use http or scheduler"},
    {"USE_KUBE_CONTROL_PLANE", "true",
     "USE_KUBE_CONTROL_PLANE=true: comes with CONTROL_PLANE=kube, not available in this version"},
    {"SCHEDULER_ENDPOINT", "http://127.0.0.1:9004",
     "SCHEDULER_ENDPOINT=http://127.0.0.1:9004: must be host:port like 127.0.0.1:9000, without"},
    {"SCHEDULER_ENDPOINT", "scheduler", "SCHEDULER_ENDPOINT=scheduler: must be host:port"},
    {"SCHEDULER_PROXY", "on", "SCHEDULER_PROXY=on: must be 1, true or yes for on; 0, false or no"},
    {"INFER_GRPC_ENDPOINT", "127.0.0.1:99999",
     "INFER_GRPC_ENDPOINT=127.0.0.1:99999: must be host:port"},
    {"INFER_GRPC_ITERATIONS", "-1",
     "INFER_GRPC_ITERATIONS=-1: must be a whole number of at least 0"},
    {"INFER_HTTP_ITERATIONS", "0",
     "INFER_HTTP_ITERATIONS=0: this scenario infers over REST only; SKIP_INFER=true if nothing"},
    {"INFER_GRPC_CONNECTIONS", "many",
     "INFER_GRPC_CONNECTIONS=many: must be a whole number of at least 0"},
    {"INFER_GRPC_TLS", "maybe", "INFER_GRPC_TLS=maybe: must be 1, true or yes for on"},
    {"INFER_TYPE", "soap", "INFER_TYPE=soap: must be REST or gRPC"},
    {"MODEL_MEMORY_BYTES", "400K", "MODEL_MEMORY_BYTES=400K: must be bytes like 400000, 400k, 8M"},
    {"MODEL_MEMORY_BYTES", "-1", "MODEL_MEMORY_BYTES=-1: must be bytes like"},
    {"MODEL_NUM_REPLICAS", "0", "MODEL_NUM_REPLICAS=0: must be a whole number of at least 1"},
    {"MAX_MODEL_REPLICAS", "1,2", "MAX_MODEL_REPLICAS=1,2: must be a list of 1"},
    {"MODEL_START_IDX", "x", "MODEL_START_IDX=x: must be a whole number of at least 0"},
    {"REQUEST_RATES", "10,,20", "REQUEST_RATES=10,,20: must be a list like a,b,c without empty"},
    {"REQUEST_RATES", "10,-1", "REQUEST_RATES=-1: must be a number of at least 0"},
    {"CONSTANT_RATE_DURATIONS_SECONDS", "0",
     "CONSTANT_RATE_DURATIONS_SECONDS=0: must be seconds from 0.001 to 10000000"},
    {"CHECKS_MIN", "99", "CHECKS_MIN=99: must be a number from 0 to 1"},
    {"ERRORS_MAX", "few", "ERRORS_MAX=few: must be a whole number of at least 0"},
    {"VIA_PIPELINE", "true", "VIA_PIPELINE needs a scheduler, which has pipelines: set SCHEDULER_"},
    {"ENABLE_MODEL_REPLICA_CHANGE", "true",
     "ENABLE_MODEL_REPLICA_CHANGE needs a scheduler: set SCHEDULER_ENDPOINT to its host:port"},
    {"SLEEP_BETWEEN_REPLICA_CHANGE", "-1",
     "SLEEP_BETWEEN_REPLICA_CHANGE=-1: must be a number of at least 0"},
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

TEST_CASE("settings that contradict each other are refused") {
  struct Contradiction {
    std::map<std::string, std::string> environment;
    const char* message;
  };
  const Contradiction contradictions[] = {
      {{{"SCHEDULER_PROXY", "1"}, {"CONTROL_PLANE", "http"}},
       "SCHEDULER_PROXY needs CONTROL_PLANE=scheduler"},
      {{{"SCHEDULER_PROXY", "1"}, {"VIA_PIPELINE", "1"}},
       "VIA_PIPELINE needs pipelines, which SCHEDULER_PROXY does not have"},
      {{{"MODEL_START_IDX", "5"}, {"MODEL_END_IDX", "4"}},
       "MODEL_END_IDX=4: must be at least MODEL_START_IDX, which is 5"},
      {{{"SCHEDULER_ENDPOINT", "127.0.0.1:9004"},
        {"ENABLE_MODEL_REPLICA_CHANGE", "1"},
        {"ENVOY", "0"}},
       "ENABLE_MODEL_REPLICA_CHANGE makes new versions of models"},
      {{{"INFER_HTTP_ITERATIONS", "0"}, {"INFER_GRPC_ITERATIONS", "0"}},
       "INFER_HTTP_ITERATIONS and INFER_GRPC_ITERATIONS are both 0"},
  };
  for (const Contradiction& contradiction : contradictions) {
    const ScenarioRun run =
        run_scenario("infer_constant_vu.lua", {}, {.environment = contradiction.environment});
    INFO(run.process.err);
    CHECK(run.process.exit_code == 107);
    CHECK(run.process.err.find(contradiction.message) != std::string::npos);
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
