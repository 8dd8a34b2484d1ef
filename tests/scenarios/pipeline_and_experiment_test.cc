// What pipeline.lua and experiment.lua ask of a scheduler, step by step.
#include <sstream>

#include <doctest/doctest.h>

#include "tests/scenarios/played_scheduler.h"
#include "tests/scenarios/scenario_run.h"
#include "tests/support/raw_server.h"

namespace perigee {
namespace {

using grpc::PlayedCall;

// A server that says 200 to every request of the few that a test makes.
RawServer ready_server() {
  RawServer::Script script;
  for (int i = 0; i < 20; ++i) {
    script.push_back(RawServer::request());
    script.push_back(RawServer::send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
  }
  return RawServer({script});
}

// Does at once whatever is ordered. The names of the objects are known to the test.
class WillingScheduler {
 public:
  WillingScheduler() = default;

  std::string address() const { return scheduler_.address(); }
  bool has_heard(std::string_view words) {
    return scheduler_.messages().find(words) != std::string::npos;
  }
  // "LoadModel LoadPipeline ", without those that ask for states.
  std::string orders() {
    std::string orders;
    std::istringstream messages(scheduler_.messages());
    for (std::string line; std::getline(messages, line);) {
      const std::string method = line.substr(0, line.find(' '));
      if (is_order(method)) orders += method + " ";
    }
    return orders;
  }

 private:
  static bool is_order(std::string_view method) {
    return method.starts_with("Load") || method.starts_with("Unload") ||
           method.starts_with("Start") || method.starts_with("Stop");
  }
  void play(std::string_view method, PlayedCall& call) {
    call.head();
    if (method.starts_with("Subscribe")) return;
    if (!is_order(method)) return report(method, call);
    there_ = method.starts_with("Load") || method.starts_with("Start");
    call.send("");
    call.end();
  }
  void report(std::string_view method, PlayedCall& call) {
    if (method == "ModelStatus")
      call.send(model_status("", 1, there_ ? ModelState::kAvailable : ModelState::kTerminated));
    if (method == "PipelineStatus") call.send(pipeline_status("", there_ ? 3 : 7));
    if (method == "ExperimentStatus") call.send(experiment_status("", there_));
    call.end();
  }

  bool there_ = false;
  PlayedScheduler scheduler_{
      [this](std::string_view method, PlayedCall& call) { play(method, call); }};
};

ScenarioRun run_with(const std::string& name, const RawServer& server,
                     const WillingScheduler& scheduler) {
  return run_scenario(
      name, {"-i", "1"},
      {.environment = {{"INFER_HTTP_ENDPOINT", "http://127.0.0.1:" + std::to_string(server.port())},
                       {"SCHEDULER_ENDPOINT", scheduler.address()},
                       {"MODEL_TYPE", "iris"}}});
}

}  // namespace

TEST_CASE(
    "pipeline.lua loads a model and a pipeline of another name, and the pipeline goes first") {
  const RawServer server = ready_server();
  WillingScheduler scheduler;
  const ScenarioRun run = run_with("pipeline.lua", server, scheduler);
  check_all_passed(run);
  CHECK(scheduler.orders() == "LoadModel LoadPipeline UnloadPipeline UnloadModel ");
  // Its name, a step that is called like the model, and the step whose output is the pipeline's.
  const std::string pipeline = field('\x0a', "iris0-pipeline") +
                               field('\x22', field('\x0a', "iris0")) +
                               field('\x2a', field('\x0a', "iris0"));
  CHECK(scheduler.has_heard("LoadPipeline " + field('\x0a', pipeline)));
  CHECK(scheduler.has_heard("UnloadPipeline " + field('\x0a', "iris0-pipeline")));
  for (const char* check : {"load model success", "model status success", "pipeline load success",
                            "pipeline status success", "model http prediction success",
                            "pipeline unload success", "unload model success"})
    CHECK_MESSAGE(run.check_passes(check) > 0, check);
}

TEST_CASE("experiment.lua shares one model's requests out to two, under names a scheduler takes") {
  const RawServer server = ready_server();
  WillingScheduler scheduler;
  const ScenarioRun run = run_with("experiment.lua", server, scheduler);
  check_all_passed(run);
  CHECK(scheduler.orders() ==
        "LoadModel LoadModel StartExperiment StopExperiment UnloadModel UnloadModel ");
  // Its name, the default, and two candidates with a weight of 50 each.
  const std::string experiment = field('\x0a', "experiment0") + field('\x12', "iris0-1") +
                                 field('\x1a', field('\x0a', "iris0-1") + "\x10\x32") +
                                 field('\x1a', field('\x0a', "iris0-2") + "\x10\x32");
  CHECK(scheduler.has_heard("StartExperiment " + field('\x0a', experiment)));
  CHECK(scheduler.has_heard("StopExperiment " + field('\x0a', "experiment0")));
  for (const char* check :
       {"load model success", "start experiment success", "experiment status success",
        "model http prediction success", "stop experiment success", "unload model success"})
    CHECK_MESSAGE(run.check_passes(check) > 0, check);
}

TEST_CASE("pipeline.lua and experiment.lua say that they need a scheduler") {
  const ScenarioRun pipeline = run_scenario("pipeline.lua", {}, {});
  CHECK(pipeline.process.exit_code == 107);
  CHECK(pipeline.process.err.find("this scenario needs pipelines, which only a scheduler has: set "
                                  "SCHEDULER_ENDPOINT to its host:port") != std::string::npos);
  const ScenarioRun experiment =
      run_scenario("experiment.lua", {}, {.environment = {{"SCHEDULER_PROXY", "1"}}});
  CHECK(experiment.process.exit_code == 107);
  CHECK(experiment.process.err.find("SCHEDULER_PROXY has none: leave it unset and set") !=
        std::string::npos);
}

}  // namespace perigee
