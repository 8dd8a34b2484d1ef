// The scenarios over gRPC, with models loaded through the repository API.
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/scenarios/scenario_run.h"
#include "tests/support/target_process.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

using Environment = std::map<std::string, std::string>;

// Both endpoints of the target.
Process::Options both(const TargetProcess& target, Environment environment = {}) {
  Process::Options options = target.environment();
  environment.merge(options.environment);
  return {.environment = std::move(environment)};
}

Process::Options grpc_only(const TargetProcess& target, Environment environment = {}) {
  environment["INFER_HTTP_ITERATIONS"] = "0";
  return both(target, std::move(environment));
}

uint64_t calls(const TargetProcess& target, const std::string& method) {
  const auto methods = target.stats()["grpc"]["methods"];
  const std::string path = "/inference.GRPCInferenceService/" + method;
  for (const auto& [name, count] : methods.items()) {
    if (name == path || name == path.substr(1)) return count.get<uint64_t>();
  }
  return 0;
}

}  // namespace

TEST_CASE("infer_constant_vu.lua infers over gRPC on one connection for each VU") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-u", "5", "-i", "200"}, grpc_only(target));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 1);
  CHECK(run.check_passes("model status success") == 1);
  CHECK(run.check_passes("model grpc prediction success") == 201);
  CHECK(run.check_passes("model http prediction success") == 0);
  CHECK(run.summary["metrics"]["grpc_req_duration{scenario:default}"].contains("p(95)"));
  CHECK(calls(target, "ModelInfer") == 201);
  CHECK(calls(target, "ModelReady") == 1);
  // Five VUs, and set-up and teardown over both protocols.
  CHECK(target.stats()["connections"].get<uint64_t>() <= 9);
}

TEST_CASE("INFER_BINARY has tensors go as bytes over both protocols, for models of every type") {
  const TargetProcess target({"--no-models"});
  for (const std::string type :
       {"iris", "tfsimple", "tfsimple_string", "add10", "sentiment", "pytorch_cifar10", "tfmnist",
        "tfresnet152", "onnx_gpt2", "mlflow_wine", "echo", "synth"}) {
    INFO(type);
    const ScenarioRun run = run_scenario(
        "infer_constant_vu.lua", {"-u", "2", "-i", "10", "--http-debug"},
        both(target, {{"MODEL_TYPE", type}, {"MODELNAME_PREFIX", "m"}, {"INFER_BINARY", "true"}}));
    check_all_passed(run);
    CHECK(run.process.err.find("Inference-Header-Content-Length: ") != std::string::npos);
  }
}

TEST_CASE("INFER_GRPC_CONNECTIONS has all VUs share connections") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-u", "20", "-i", "200", "--workers", "1"},
                   grpc_only(target, {{"INFER_GRPC_CONNECTIONS", "2"}}));
  check_all_passed(run);
  CHECK(run.check_passes("model grpc prediction success") == 201);
  CHECK(target.stats()["connections"].get<uint64_t>() <= 6);
}

TEST_CASE("infer_constant_vu.lua infers over either protocol at random where both are used") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-u", "2", "-i", "200"}, both(target));
  check_all_passed(run);
  const uint64_t http = run.check_passes("model http prediction success");
  const uint64_t grpc = run.check_passes("model grpc prediction success");
  CHECK(http + grpc == 202);
  CHECK(http > 1);
  CHECK(grpc > 1);
}

TEST_CASE("where one endpoint only is given, the scenarios infer over its protocol") {
  const TargetProcess target;
  const ScenarioRun run = run_scenario(
      "infer_constant_vu.lua", {"-i", "20"},
      {.environment = {
           {"INFER_GRPC_ENDPOINT", target.environment().environment.at("INFER_GRPC_ENDPOINT")},
           {"MODEL_NAME", "iris"},
           {"SKIP_LOAD_MODEL", "1"},
           {"SKIP_UNLOAD_MODEL", "1"}}});
  check_all_passed(run);
  CHECK(run.check_passes("model grpc prediction success") == 20);
}

TEST_CASE("every model type's message is accepted by the target") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario(
      "infer_constant_vu.lua", {"-u", "2", "-i", "4"},
      grpc_only(target, {{"MODEL_TYPE",
                          "iris,tfsimple,tfsimple_string,add10,sentiment,pytorch_cifar10,tfmnist,"
                          "tfresnet152,onnx_gpt2,mlflow_wine,echo,synth"},
                         {"INFER_BATCH_SIZE", "2,2,2,2,2,2,2,1,2,2,2,2"},
                         {"K6_DEBUG", "true"}}));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 12);
  CHECK(run.check_passes("model grpc prediction success") == 16);
}

TEST_CASE("INFER_GRPC_ITERATIONS says how often an iteration infers") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("infer_constant_vu.lua", {"-i", "10"},
                                       grpc_only(target, {{"INFER_GRPC_ITERATIONS", "3"}}));
  check_all_passed(run);
  CHECK(run.count("iterations") == 10);
  CHECK(run.check_passes("model grpc prediction success") == 31);
}

TEST_CASE("infer_constant_rate.lua infers over gRPC where INFER_TYPE says so") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("infer_constant_rate.lua", {},
                                       both(target, {{"INFER_TYPE", "gRPC"},
                                                     {"REQUEST_RATE", "50"},
                                                     {"CONSTANT_RATE_DURATION_SECONDS", "1"}}));
  check_all_passed(run);
  CHECK(run.count("iterations") == 50);
  CHECK(run.check_passes("model grpc prediction success") == 51);
  CHECK(run.check_passes("model http prediction success") == 0);
}

TEST_CASE("infer_multiple_rates.lua ramps to each rate and holds it, the last duration repeated") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario(
      "infer_multiple_rates.lua", {},
      both(target, {{"REQUEST_RATES", "20,40"}, {"CONSTANT_RATE_DURATIONS_SECONDS", "1"}}));
  check_all_passed(run);
  CHECK(run.process.err.find(
            "stages: 20/s within 1s, 20/s within 1s, 40/s within 1s, 40/s within 1s") !=
        std::string::npos);
  // 12.5 + 20 + 30 + 40 of the four stages.
  CHECK(run.count("iterations") + run.count("dropped_iterations") == 102);
  CHECK(run.check_passes("model http prediction success") +
            run.check_passes("model grpc prediction success") ==
        run.count("iterations") + 2);
  const auto& metrics = run.summary["metrics"];
  CHECK(metrics["http_reqs{scenario:ramping_request_rates}"]["count"].get<uint64_t>() > 0);
  CHECK(metrics["grpc_req_duration{scenario:ramping_request_rates}"]["max"].get<double>() > 0);
}

TEST_CASE("infer_multiple_rates.lua ramps to REQUEST_RATE where there is no list") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_multiple_rates.lua", {},
                   both(target, {{"REQUEST_RATE", "35"}, {"CONSTANT_RATE_DURATION_SECONDS", "1"}}));
  check_all_passed(run);
  CHECK(run.process.err.find("stages: 35/s within 1s\"") != std::string::npos);
  CHECK(run.count("iterations") + run.count("dropped_iterations") == 20);
}

TEST_CASE("predict_agent_oc.lua calls every model of the first type over gRPC") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run = run_scenario("predict_agent_oc.lua", {"-u", "2", "-i", "10"},
                                       both(target, {{"MAX_NUM_MODELS", "7"}}));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 7);
  CHECK(run.check_passes("model grpc prediction success") == 77);
  CHECK(run.check_passes("model http prediction success") == 0);
  CHECK(run.check_passes("unload model success") == 7);
}

TEST_CASE("model_constant_rate.lua calls models that are there, over both protocols") {
  const TargetProcess target({"--models", "iris"});
  for (const char* type : {"REST", "gRPC"}) {
    const ScenarioRun run = run_scenario("model_constant_rate.lua", {},
                                         both(target, {{"MODEL_NAME", "iris"},
                                                       {"INFER_TYPE", type},
                                                       {"REQUEST_RATE", "30"},
                                                       {"CONSTANT_RATE_DURATION_SECONDS", "1"}}));
    check_all_passed(run);
    CHECK(run.passes("checks") == 30);
    CHECK(run.count("http_reqs{scenario:constant_request_rate}") ==
          (std::string(type) == "REST" ? 30 : 0));
  }
  CHECK(calls(target, "ModelInfer") == 30);
  CHECK(target.requests() == 60);
}

TEST_CASE("model_constant_rate.lua picks models from MODEL_START_IDX to MODEL_END_IDX") {
  const TargetProcess target({"--no-models"});
  Environment environment{{"MODEL_TYPE", "iris"}, {"MAX_NUM_MODELS", "6"}};
  check_all_passed(run_scenario("infer_constant_vu.lua", {"-i", "1", "--no-teardown"},
                                both(target, environment)));
  environment.merge(Environment{{"MODEL_START_IDX", "3"},
                                {"MODEL_END_IDX", "4"},
                                {"REQUEST_RATE", "40"},
                                {"CONSTANT_RATE_DURATION_SECONDS", "1"}});
  const ScratchFolder folder;
  const std::string file = folder / "rows.csv";
  const ScenarioRun run =
      run_scenario("model_constant_rate.lua", {"--out", "csv=" + file}, both(target, environment));
  check_all_passed(run);
  CHECK(run.passes("checks") == 40);
  const std::string rows = read_text(file);
  for (const char* there : {"iris3/infer", "iris4/infer"})
    CHECK_MESSAGE(rows.find(there) != std::string::npos, there);
  for (const char* missing : {"iris0/", "iris1/", "iris2/", "iris5/"})
    CHECK_MESSAGE(rows.find(missing) == std::string::npos, missing);
}

TEST_CASE("load_predict_unload.lua infers over HTTP and then over gRPC") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("load_predict_unload.lua", {"-u", "4", "-i", "20"},
                   both(target, {{"INFER_HTTP_ITERATIONS", "2"}, {"INFER_GRPC_ITERATIONS", "3"}}));
  check_all_passed(run);
  CHECK(run.check_passes("load model success") == 20);
  CHECK(run.check_passes("model http prediction success") == 40);
  CHECK(run.check_passes("model grpc prediction success") == 60);
  CHECK(run.check_passes("unload model success") == 20);
}

TEST_CASE("without Envoy a model is asked for by name and version over gRPC, too") {
  const TargetProcess target({"--no-models"});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-i", "5"}, grpc_only(target, {{"ENVOY", "false"}}));
  check_all_passed(run);
  CHECK(run.check_passes("model grpc prediction success") == 6);
}

TEST_CASE("INFER_GRPC_TLS infers over TLS") {
  const TestIdentity identity = TestAuthority().issue();
  const TargetProcess target({"--tls-cert=" + identity.certificate, "--tls-key=" + identity.key});
  const ScenarioRun run =
      run_scenario("infer_constant_vu.lua", {"-i", "10", "--insecure-skip-tls-verify"},
                   grpc_only(target, {{"INFER_GRPC_TLS", "true"}}));
  check_all_passed(run);
  CHECK(run.check_passes("model grpc prediction success") == 11);
  CHECK(run.summary["metrics"]["grpc_req_tls_handshaking"]["max"].get<double>() > 0);
}

TEST_CASE("the raw rows have the columns of k6, for both protocols") {
  const TargetProcess target({"--no-models"});
  const ScratchFolder folder;
  const std::string file = folder / "base.csv";
  const ScenarioRun run = run_scenario(
      "infer_constant_vu.lua", {"-u", "2", "-i", "40", "--out", "csv=" + file}, both(target));
  check_all_passed(run);
  std::istringstream rows(read_text(file));
  std::string header;
  std::getline(rows, header);
  CHECK(header ==
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,"
        "name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata");
  std::set<std::string> metrics;
  for (std::string row; std::getline(rows, row);)
    metrics.insert(row.substr(0, row.find(',')));
  for (const char* metric : {"http_reqs", "http_req_duration", "http_req_failed",
                             "http_req_waiting", "grpc_req_duration", "checks", "data_sent",
                             "data_received", "iterations", "iteration_duration"})
    CHECK_MESSAGE(metrics.contains(metric), metric);
}

}  // namespace perigee
