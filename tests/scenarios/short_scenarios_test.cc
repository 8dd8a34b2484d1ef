#include <algorithm>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "tests/scenarios/scenario_run.h"
#include "tests/support/target_process.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

// What must hold of every run that ended well.
void check_run(const ScenarioRun& run) {
  INFO(run.process.err);
  REQUIRE(run.process.exit_code == 0);
  CHECK(run.count("iterations") > 0);
  CHECK(run.passes("checks") > 0);
  CHECK(run.fails("checks") == 0);
  CHECK(run.count("iteration_errors") == 0);
}

// Runs a scenario of which all requests reach the target.
ScenarioRun run_and_check(const std::string& name, const std::vector<std::string>& flags,
                          Process::Options options = {}) {
  const TargetProcess target;
  for (const auto& [variable, value] : target.environment().environment)
    options.environment[variable] = value;
  ScenarioRun run = run_scenario(name, flags, options);
  check_run(run);
  CHECK(run.count("http_reqs") + run.count("grpc_reqs") == target.requests());
  return run;
}

}  // namespace

TEST_CASE("hello.lua asks the target for its model") {
  const ScenarioRun run = run_and_check("hello.lua", {"-u", "2", "-d", "1s"});
  CHECK(run.check_passes("the model is iris") == run.count("iterations"));
}

TEST_CASE("steady_rate.lua infers exactly as often as its rate says") {
  const ScenarioRun run = run_and_check("steady_rate.lua", {"-e", "RATE=40", "-e", "DURATION=1s"});
  CHECK(run.count("iterations") == 40);
  CHECK(run.count("http_reqs") == 40);
}

TEST_CASE("shared_client.lua infers over connections that VUs share") {
  const ScenarioRun run = run_and_check("shared_client.lua", {"-u", "4", "-i", "40"});
  CHECK(run.count("http_reqs") == 40);
}

TEST_CASE("http2.lua infers over HTTP/2") {
  const ScenarioRun run = run_and_check("http2.lua", {"-u", "4", "-i", "40"});
  CHECK(run.check_passes("HTTP/2 carried it") == 40);
}

TEST_CASE("http2.lua infers over TLS where the endpoint says https") {
  const TestIdentity identity = TestAuthority().issue();
  const TargetProcess target({"--tls-cert=" + identity.certificate, "--tls-key=" + identity.key});
  const ScenarioRun run =
      run_scenario("http2.lua", {"-u", "4", "-i", "40", "--insecure-skip-tls-verify"},
                   {.environment = {{"INFER_HTTP_ENDPOINT", target.secure_url()}}});
  check_run(run);
  CHECK(run.check_passes("HTTP/2 carried it") == 40);
  CHECK(target.requests() == 40);
}

TEST_CASE("grpc_infer.lua infers by gRPC") {
  const ScenarioRun run = run_and_check("grpc_infer.lua", {"-u", "4", "-i", "40"});
  CHECK(run.check_passes("there is a result") == 40);
  CHECK(run.count("grpc_reqs") == 40);
}

TEST_CASE("grpc_server_stream.lua reads all that a server sends") {
  const ScenarioRun run = run_and_check("grpc_server_stream.lua", {"-u", "4", "-i", "8"});
  CHECK(run.count("grpc_streams_msgs_received") == 160);
}

TEST_CASE("grpc_client_stream.lua sends many messages and gets one") {
  const ScenarioRun run = run_and_check("grpc_client_stream.lua", {"-u", "4", "-i", "8"});
  CHECK(run.count("grpc_streams_msgs_sent") == 800);
  CHECK(run.check_passes("the sum is right") == 8);
}

TEST_CASE("grpc_chat.lua talks both ways") {
  const ScenarioRun run = run_and_check("grpc_chat.lua", {"-u", "4", "-i", "8"});
  CHECK(run.check_passes("it is an echo") == 80);
  CHECK(run.count("grpc_streams") == 8);
}

TEST_CASE("tls_handshakes.lua tells full handshakes from those that resume a session") {
  const TestIdentity identity = TestAuthority().issue({.self_signed = true});
  const TargetProcess target({"--tls-cert=" + identity.certificate, "--tls-key=" + identity.key});
  const ScenarioRun run = run_scenario(
      "tls_handshakes.lua", {"-u", "2", "-i", "20", "-e", "CA=" + identity.certificate},
      {.environment = {{"INFER_HTTP_ENDPOINT", target.secure_url()}}});
  check_run(run);
  // One of each VU's returns has nothing to resume.
  CHECK(run.summary["metrics"]["resumed_handshake"]["min"] > 0);
  CHECK(run.check_passes("status is 200") == 40);
  CHECK(target.requests() == 40);
}

TEST_CASE("streamed_upload.lua sends a file and what a function makes") {
  const ScenarioRun run = run_and_check("streamed_upload.lua", {"-u", "2", "-i", "4"});
  CHECK(run.count("http_reqs") == 8);
}

TEST_CASE("closed_vs_open.lua runs a closed and an open model one after the other") {
  const ScenarioRun run = run_and_check("closed_vs_open.lua", {"-e", "DURATION=1s"});
  CHECK(run.count("iterations") > 100);
  CHECK(run.summary["metrics"]["iteration_latency{model:open}"]["max"] > 0);
  CHECK(run.summary["metrics"]["http_req_duration{model:closed}"]["max"] > 0);
}

TEST_CASE("websocket_echo.lua has conversations, line by line and with handlers") {
  const TargetProcess target;
  Process::Options options;
  options.environment["INFER_HTTP_ENDPOINT"] = target.url();
  const ScenarioRun run =
      run_scenario("websocket_echo.lua", {"-u", "2", "-i", "6", "-e", "MESSAGES=5"}, options);
  check_run(run);
  CHECK(run.count("ws_sessions") == 6);
  CHECK(run.count("ws_msgs_sent") == 30);
  CHECK(run.count("ws_msgs_received") == 30);
  CHECK(target.requests() == 6);
}

TEST_CASE("ramping_vus.lua has a crowd that comes and goes") {
  const ScenarioRun run = run_and_check("ramping_vus.lua", {"-e", "PEAK=8", "-e", "STAGE=600ms"});
  CHECK(run.count("iterations") > 20);
  CHECK(run.summary["metrics"]["vus_max"]["value"] == 8);
}

TEST_CASE("ramping_arrival_rate.lua infers as often as the area under its ramp says") {
  const ScenarioRun run =
      run_and_check("ramping_arrival_rate.lua", {"-e", "PEAK=50", "-e", "STAGE=1s"});
  CHECK(run.count("iterations") == 10 + 30 + 25);
}

TEST_CASE("poisson_queue.lua starts all that arrive, and as many for the same seed") {
  const std::vector<std::string> flags{"-e", "RATE=60", "-e", "DURATION=1s", "-e", "SEED=7"};
  const auto arrived = [&] {
    const ScenarioRun run = run_and_check("poisson_queue.lua", flags);
    const bool dropped = run.summary["metrics"].contains("dropped_iterations");
    return run.count("iterations") + (dropped ? run.count("dropped_iterations") : 0);
  };
  const uint64_t first = arrived();
  CHECK(first > 20);
  CHECK(arrived() == first);
}

TEST_CASE("groups_and_metrics.lua counts flowers in metrics of its own") {
  const ScenarioRun run = run_and_check("groups_and_metrics.lua", {"-u", "2", "-i", "20"});
  CHECK(run.count("flowers") == 20);
  CHECK(run.passes("is_setosa") + run.fails("is_setosa") == 20);
  CHECK(run.summary["metrics"]["petal_length"]["min"] >= 1);
  CHECK(run.summary["metrics"]["petal_length"]["max"] <= 7);
  CHECK(run.summary["root_group"]["groups"].contains("infer"));
}

TEST_CASE("setup_teardown.lua loads its model before the load and unloads it after it") {
  const TargetProcess target;
  const ScenarioRun run =
      run_scenario("setup_teardown.lua", {"-u", "2", "-i", "10"}, target.environment());
  check_run(run);
  const auto routes = target.stats()["routes"];
  CHECK(routes["/v2/repository/models/{model}/load"] == 1);
  CHECK(routes["/v2/models/{model}/ready"] == 10);
  CHECK(routes["/v2/repository/models/{model}/unload"] == 1);
  CHECK(run.count("http_reqs") == 12);
}

TEST_CASE("sleep_and_think.lua holds a conversation per user") {
  const ScenarioRun run =
      run_and_check("sleep_and_think.lua", {"-u", "5", "-i", "25", "-e", "THINK_SECONDS=0.02"});
  CHECK(run.check_passes("every turn is answered") == 25);
}

TEST_CASE("error_handling.lua takes failures as data") {
  const TargetProcess target;
  const ScenarioRun run =
      run_scenario("error_handling.lua", {"-u", "2", "-i", "6"}, target.environment());
  check_run(run);
  CHECK(run.count("http_reqs") == 18);
  CHECK(target.requests() == 12);
  CHECK(run.passes("http_req_failed") == 18);
}

TEST_CASE("parallel_requests.lua has several requests on their way") {
  const ScenarioRun run = run_and_check("parallel_requests.lua", {"-u", "2", "-i", "6"});
  CHECK(run.count("http_reqs") == 24);
  CHECK(run.passes("http_req_failed") == 0);
  CHECK(run.check_passes("the slow answer has come") == 6);
}

TEST_CASE("data_from_csv.lua takes its requests and what it expects from a file") {
  const ScenarioRun run = run_and_check("data_from_csv.lua", {"-u", "4", "-i", "25"});
  CHECK(run.check_passes("it is the species in the file") == 25);
}

TEST_CASE("every scenario has a test of its own") {
  const std::set<std::string> tested{"chat_stream.lua",
                                     "streamed_upload.lua",
                                     "data_from_csv.lua",
                                     "closed_vs_open.lua",
                                     "error_handling.lua",
                                     "experiment.lua",
                                     "websocket_echo.lua",
                                     "groups_and_metrics.lua",
                                     "hello.lua",
                                     "grpc_chat.lua",
                                     "grpc_client_stream.lua",
                                     "grpc_infer.lua",
                                     "grpc_server_stream.lua",
                                     "http2.lua",
                                     "infer_constant_rate.lua",
                                     "core2_qa_control_plane_ops.lua",
                                     "infer_constant_vu.lua",
                                     "infer_multiple_rates.lua",
                                     "load_predict_unload.lua",
                                     "kafka_consume.lua",
                                     "kafka_latency.lua",
                                     "kafka_model.lua",
                                     "kafka_pipeline.lua",
                                     "kafka_throughput.lua",
                                     "model_constant_rate.lua",
                                     "parallel_requests.lua",
                                     "pipeline.lua",
                                     "poisson_queue.lua",
                                     "predict_agent_oc.lua",
                                     "ramping_arrival_rate.lua",
                                     "ramping_vus.lua",
                                     "setup_teardown.lua",
                                     "shared_client.lua",
                                     "sleep_and_think.lua",
                                     "steady_rate.lua",
                                     "tls_handshakes.lua"};
  std::set<std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator("scenarios")) {
    if (entry.is_regular_file()) there.insert(entry.path().filename().string());
  }
  CHECK(there == tested);
}

}  // namespace perigee
