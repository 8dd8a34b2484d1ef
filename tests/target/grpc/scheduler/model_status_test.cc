// Models of the scheduler over gRPC.
#include <chrono>

#include <doctest/doctest.h>

#include "tests/target/grpc/scheduler/scheduler_grpc.h"

namespace perigee {
namespace {

using Lines = std::vector<std::string>;

TargetOptions without_models() {
  TargetOptions options;
  options.models.emplace();
  return options;
}

TEST_CASE("a model that the scheduler loads is served over HTTP and gRPC until it is unloaded") {
  SchedulerGrpc target(without_models());
  CHECK(target.infer(GrpcFixture::iris("iris-1")).code == 5);
  CHECK(target.schedule("LoadModel", load_request("iris-1")).code == 0);
  CHECK(target.model("iris-1") == "iris-1 2 v1");
  CHECK(target.infer(GrpcFixture::iris("iris-1")).code == 0);
  CHECK(target.infer(GrpcFixture::iris(""), {{"seldon-internal-model", "iris-1_1"}}).code == 0);
  CHECK(target.get("/v2/models/iris-1/ready").status == 200);
  CHECK(target.schedule("UnloadModel", unload_request("iris-1")).code == 0);
  CHECK(target.model("iris-1") == "iris-1 5 v1");
  CHECK(target.infer(GrpcFixture::iris("iris-1")).code == 5);
  CHECK(target.get("/v2/models/iris-1/ready").status == 404);
}

TEST_CASE("a subscriber hears what there is, and then of each change on any worker") {
  TargetOptions options = without_models();
  options.workers = 3;
  options.load_time = std::chrono::milliseconds(20);
  SchedulerGrpc target(options);
  Http2Stream& stream = target.subscribe("SubscribeModelStatus");
  target.schedule("LoadModel", load_request("fail-1"));
  CHECK(target.models_of(stream, 2) == Lines{"fail-1 1 v1", "fail-1 3 v1"});
  // Another connection is another worker's, or may be.
  for (int i = 0; i < 4; ++i) {
    GrpcClient other(target.port());
    const std::string name = fmt::format("iris-{}", i);
    CHECK(other.call(kScheduler + "LoadModel", load_request(name)).code == 0);
    const size_t before = 2 + static_cast<size_t>(i) * 4;
    target.models_of(stream, before + 2);
    CHECK(other.call(kScheduler + "UnloadModel", unload_request(name)).code == 0);
    Lines lines = target.models_of(stream, before + 4);
    lines.erase(lines.begin(), lines.begin() + static_cast<ptrdiff_t>(before));
    CHECK(lines == Lines{name + " 1 v1", name + " 2 v1", name + " 4 v1", name + " 5 v1"});
  }
  CHECK(!stream.over());
}

TEST_CASE("each of many subscribers hears everything, and those who go are forgotten") {
  SchedulerGrpc target(without_models());
  std::vector<Http2Stream*> streams;
  for (int i = 0; i < 50; ++i)
    streams.push_back(&target.subscribe("SubscribeModelStatus"));
  target.schedule("LoadModel", load_request("iris-1"));
  for (Http2Stream* stream : streams)
    CHECK(target.models_of(*stream, 2).back() == "iris-1 2 v1");
  for (size_t i = 0; i < 25; ++i)
    streams[i]->reset(http2::ErrorCode::kCancel);
  target.schedule("UnloadModel", unload_request("iris-1"));
  for (size_t i = 25; i < 50; ++i)
    CHECK(target.models_of(*streams[i], 4).back() == "iris-1 5 v1");
  CHECK(target.counts(27)["dropped"] == 25);
}

TEST_CASE("a status tells of all models, or of the one that is named, with its versions") {
  SchedulerGrpc target(without_models());
  CHECK(target.schedule("ModelStatus", in_field(1, "test")).messages.empty());
  for (const char* name : {"iris-1", "iris-2"})
    target.schedule("LoadModel", load_request(name));
  target.schedule("LoadModel", load_request("iris-2", 1000));
  const GrpcAnswer all = target.schedule("ModelStatus", in_field(1, "test"));
  CHECK(all.code == 0);
  REQUIRE(all.messages.size() == 2);
  CHECK(model_line(all.messages[1]) == "iris-2 2 v2");
  const GrpcAnswer versions =
      target.schedule("ModelStatus", model_status_request("iris-2") + std::string("\x18\x01"));
  CHECK(fields_of(versions.only(), 2).size() == 2);
}

TEST_CASE("a status has the replicas, the times and the model as it was sent") {
  SchedulerGrpc target(without_models());
  const std::string request = load_request("iris-1", 1000);
  target.schedule("LoadModel", request);
  const std::string response =
      target.schedule("ModelStatus", model_status_request("iris-1")).only();
  const std::string version = field_of(response, 2);
  const std::string state = field_of(version, 6);
  CHECK(field_of(version, 3) == "mlserver");
  CHECK(field_of(version, 7) == field_of(request, 1));
  CHECK(number_of(field_of(field_of(version, 5), 2), 1) == 9);
  CHECK(number_of(state, 3) == 1);
  CHECK(number_of(state, 6) == 2);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(now).count() -
                   static_cast<int64_t>(number_of(field_of(state, 5), 1));
  CHECK(age < 3600);
  CHECK(age > -3600);
  CHECK(number_of(response, 5) > 0);
  CHECK(number_of(response, 6) == 1);
}

TEST_CASE("what the scheduler does not take is a failed precondition that says why") {
  SchedulerGrpc target(without_models());
  const auto refusal = [&](const std::string& method, std::string_view message) {
    const GrpcAnswer answer = target.schedule(method, message);
    return fmt::format("{}: {}", answer.code, answer.message);
  };
  CHECK(refusal("LoadModel", "") == "9: the model has no name");
  CHECK(refusal("LoadModel", load_request("tf_simple")).find("9: \"tf_simple\" is no name") == 0);
  CHECK(refusal("UnloadModel", "") == "9: there is no model \"\" to unload");
  CHECK(refusal("UnloadModel", unload_request("x")) == "9: there is no model \"x\" to unload");
  CHECK(refusal("ModelStatus", model_status_request("x")) == "9: there is no model \"x\"");
  for (const char* method : {"LoadModel", "UnloadModel", "ModelStatus", "SubscribeModelStatus"})
    CHECK(target.schedule(method, "\x0a\x7f").code == 13);
  CHECK(target.counts(0)["methods"]["/seldon.mlops.scheduler.Scheduler/LoadModel"] == 3);
}

TEST_CASE("the scheduler's proxy loads and unloads the same models") {
  SchedulerGrpc target(without_models());
  const std::string proxy = "/seldon.mlops.proxy.SchedulerProxy/";
  CHECK(target.call(proxy + "LoadModel", in_field(1, load_request("iris-1"))).code == 0);
  CHECK(target.get("/v2/models/iris-1_0/ready").status == 200);
  CHECK(target.model("iris-1") == "iris-1 2 v1");
  CHECK(target.call(proxy + "UnloadModel", unload_request("iris-1")).code == 0);
  CHECK(target.model("iris-1") == "iris-1 5 v1");
  CHECK(target.call(proxy + "UnloadModel", unload_request("x")).code == 9);
}

}  // namespace
}  // namespace perigee
