// The scenarios with schedulers that do not do what they should.
#include <atomic>

#include <doctest/doctest.h>

#include "tests/scenarios/played_scheduler.h"
#include "tests/scenarios/scenario_run.h"
#include "tests/support/http2_frames.h"
#include "tests/support/raw_server.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

using grpc::PlayedCall;

constexpr int kScriptFailed = 107;

// infer_constant_vu.lua with one model, iris, which the target has; the scheduler is another.
ScenarioRun run_with(const TargetProcess& target, const std::string& scheduler,
                     const char* limit = "20") {
  return run_scenario("infer_constant_vu.lua", {"-i", "5"},
                      {.environment = {{"INFER_HTTP_ENDPOINT", target.url()},
                                       {"SCHEDULER_ENDPOINT", scheduler},
                                       {"MODEL_NAME", "iris"},
                                       {"MODEL_LOAD_TIMEOUT_SECONDS", limit},
                                       {"SKIP_UNLOAD_MODEL", "1"}}});
}

void send_state(PlayedCall& call, ModelState state, int version = 1, std::string_view reason = "") {
  call.send(model_status("iris", version, state, reason));
}

void respond_empty(PlayedCall& call) {
  call.head();
  call.send("");
  call.end();
}

}  // namespace

TEST_CASE("a status stream that ends in the middle is subscribed to again") {
  const TargetProcess target;
  std::atomic<int> subscriptions = 0;
  const PlayedScheduler scheduler([&](std::string_view method, PlayedCall& call) {
    if (method == "LoadModel") return respond_empty(call);
    call.head();
    if (method == "ModelStatus") {
      send_state(call, ModelState::kProgressing);
      return call.end();
    }
    ++subscriptions;
    send_state(call, subscriptions < 3 ? ModelState::kProgressing : ModelState::kAvailable);
    if (subscriptions == 1) call.end();
    if (subscriptions == 2) call.stream.reset(http2::ErrorCode::kInternalError);
  });
  const ScenarioRun run = run_with(target, scheduler.address());
  check_all_passed(run);
  CHECK(subscriptions == 3);
  CHECK(run.check_passes("load model success") == 1);
  CHECK(run.check_passes("model status success") == 1);
}

TEST_CASE("a status stream that ends each time is given up, with the last reason") {
  const TargetProcess target;
  std::atomic<int> subscriptions = 0;
  const PlayedScheduler scheduler([&](std::string_view method, PlayedCall& call) {
    if (method == "LoadModel") return respond_empty(call);
    call.head();
    if (method == "ModelStatus") {
      send_state(call, ModelState::kProgressing);
      return call.end();
    }
    ++subscriptions;
    call.end({{"grpc-status", "14"}, {"grpc-message", "going down"}});
  });
  const ScenarioRun run = run_with(target, scheduler.address());
  INFO(run.process.err);
  CHECK(run.process.exit_code == kScriptFailed);
  CHECK(subscriptions == 6);
  CHECK(run.process.err.find("the first is iris: the scheduler's status stream has ended 6 times "
                             "(SubscribeModelStatus: status 14: going down)") != std::string::npos);
  CHECK(run.check_fails("model status success") == 1);
}

TEST_CASE("a model that stays as it is ends the run within the limit, with its last state") {
  const TargetProcess target;
  const PlayedScheduler scheduler([](std::string_view method, PlayedCall& call) {
    if (method == "LoadModel") return respond_empty(call);
    call.head();
    send_state(call, ModelState::kProgressing, 1, "waiting for a server");
    if (method == "ModelStatus") call.end();
  });
  const ScenarioRun run = run_with(target, scheduler.address(), "1");
  INFO(run.process.err);
  CHECK(run.process.exit_code == kScriptFailed);
  CHECK(run.process.err.find("its state is not \\\"ModelAvailable\\\" after 1 s "
                             "(MODEL_LOAD_TIMEOUT_SECONDS); its last "
                             "state is ModelProgressing: waiting for a server") !=
        std::string::npos);
  CHECK(run.check_passes("load model success") == 1);
  CHECK(run.check_fails("model status success") == 1);
}

TEST_CASE("what a status stream brings of an older version tells nothing of the new one") {
  const TargetProcess target;
  const PlayedScheduler scheduler([](std::string_view method, PlayedCall& call) {
    if (method == "LoadModel") return respond_empty(call);
    call.head();
    if (method == "ModelStatus") {
      send_state(call, ModelState::kProgressing, 2);
      return call.end();
    }
    send_state(call, ModelState::kAvailable, 1);
    send_state(call, ModelState::kFailed, 2, "no such file");
  });
  const ScenarioRun run = run_with(target, scheduler.address());
  INFO(run.process.err);
  CHECK(run.process.exit_code == kScriptFailed);
  CHECK(run.process.err.find("could not load 1 of 1 models; the first is iris: ModelFailed: no "
                             "such file") != std::string::npos);
}

TEST_CASE("a scheduler that answers no call ends the run within the limit and is named") {
  const TargetProcess target;
  const PlayedScheduler scheduler([](std::string_view /*method*/, PlayedCall& /*call*/) {});
  const ScenarioRun run = run_with(target, scheduler.address(), "1");
  INFO(run.process.err);
  CHECK(run.process.exit_code == kScriptFailed);
  CHECK(run.process.err.find("the first is iris: LoadModel: status 4") != std::string::npos);
  CHECK(run.check_fails("load model success") == 1);
}

TEST_CASE("what is reached and never speaks HTTP/2 ends the run within the limit and is named") {
  const TargetProcess target;
  const RawServer server(std::vector<RawServer::Script>{{RawServer::hang()}});
  const std::string address = "127.0.0.1:" + std::to_string(server.port());
  const ScenarioRun run = run_with(target, address, "1");
  INFO(run.process.err);
  CHECK(run.process.exit_code == kScriptFailed);
  CHECK(run.process.err.find("could not connect to the scheduler at " + address +
                             " (SCHEDULER_ENDPOINT)") != std::string::npos);
}

TEST_CASE("a scheduler that is reached and says nothing at all ends the run within the limit") {
  const TargetProcess target;
  const RawServer server(
      std::vector<RawServer::Script>{{RawServer::send(http2::settings()), RawServer::hang()}});
  const std::string address = "127.0.0.1:" + std::to_string(server.port());
  const ScenarioRun run = run_with(target, address, "1");
  INFO(run.process.err);
  CHECK(run.process.exit_code == kScriptFailed);
  CHECK(run.process.err.find("the scheduler at " + address +
                             " (SCHEDULER_ENDPOINT) does not respond") != std::string::npos);
}

TEST_CASE("a scheduler that is not there ends the run and is named") {
  const TargetProcess target;
  uint16_t port = 0;
  {
    const RawServer server(std::vector<RawServer::Script>{{}});
    port = server.port();
  }
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const ScenarioRun run = run_with(target, address);
  INFO(run.process.err);
  CHECK(run.process.exit_code == kScriptFailed);
  CHECK(run.process.err.find("could not connect to the scheduler at " + address +
                             " (SCHEDULER_ENDPOINT)") != std::string::npos);
}

}  // namespace perigee
