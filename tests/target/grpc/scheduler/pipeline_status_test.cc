// Pipelines and experiments of the scheduler over gRPC.
#include <doctest/doctest.h>

#include "tests/target/grpc/scheduler/scheduler_grpc.h"

namespace perigee {
namespace {

std::string pipeline_request(std::string_view name, std::string_view model) {
  return in_field(
      1, in_field(1, name) + in_field(4, in_field(1, model)) + in_field(5, in_field(1, model)));
}
// "p 3 v1" of a PipelineStatusResponse: the name, the status's number and the version.
std::string pipeline_line(std::string_view response) {
  const std::string version = field_of(response, 2);
  return fmt::format("{} {} v{}", field_of(response, 1), number_of(field_of(version, 2), 2),
                     number_of(field_of(version, 1), 3));
}
// "e active" of an ExperimentStatusResponse.
std::string experiment_line(std::string_view response) {
  return field_of(response, 1) + (number_of(response, 2) == 1 ? " active" : " inactive");
}
std::string experiment_request(std::string_view name, std::string_view first,
                               std::string_view second) {
  const auto candidate = [](std::string_view model) {
    return in_field(3, in_field(1, model) + "\x10\x32");
  };
  return in_field(1, in_field(1, name) + candidate(first) + candidate(second));
}

struct PipelineGrpc : SchedulerGrpc {
  template <typename Line>
  std::vector<std::string> lines_of(const Http2Stream& stream, size_t count, Line line) {
    client.await(stream, count);
    std::vector<std::string> lines;
    for (const std::string& message : GrpcClient::answer(stream).messages)
      lines.push_back(line(message));
    return lines;
  }
};

using Lines = std::vector<std::string>;

TEST_CASE("a pipeline is served over HTTP and gRPC until it is unloaded") {
  PipelineGrpc target;
  Http2Stream& stream = target.subscribe("SubscribePipelineStatus");
  target.schedule("LoadModel", load_request("iris-1"));
  CHECK(target.schedule("LoadPipeline", pipeline_request("p", "iris-1")).code == 0);
  CHECK(target.lines_of(stream, 3, pipeline_line) == Lines{"p 1 v1", "p 2 v1", "p 3 v1"});
  const Http2Stream::Fields routed{{"seldon-model", "p.pipeline"}};
  const GrpcAnswer answer = target.infer(GrpcFixture::iris("p"), routed);
  CHECK(answer.code == 0);
  CHECK(field_of(answer.only(), 1) == "p.pipeline");
  CHECK(target.infer(GrpcFixture::iris("p")).code == 5);
  const RawAnswer over_http = target.connect().post(
      "/v2/models/p/infer",
      R"({"inputs":[{"name":"predict","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]})",
      "seldon-model: p.pipeline\r\n");
  CHECK(over_http.status == 200);
  CHECK(target.schedule("UnloadPipeline", in_field(1, "p")).code == 0);
  CHECK(target.lines_of(stream, 6, pipeline_line).back() == "p 7 v1");
  CHECK(target.infer(GrpcFixture::iris("p"), routed).code == 5);
}

TEST_CASE("the status of a pipeline has its definition, and whether its models are ready") {
  PipelineGrpc target;
  target.schedule("LoadPipeline", pipeline_request("p", "iris-1"));
  target.schedule("LoadPipeline", pipeline_request("p", "iris-1"));
  const std::string request = in_field(1, "test") + in_field(2, "p");
  const std::string one = target.schedule("PipelineStatus", request).only();
  CHECK(pipeline_line(one) == "p 3 v2");
  CHECK(field_of(field_of(field_of(one, 2), 1), 4) == in_field(1, "iris-1"));
  CHECK(number_of(field_of(field_of(one, 2), 2), 5) == 0);
  const std::string all = target.schedule("PipelineStatus", request + "\x18\x01").only();
  CHECK(fields_of(all, 2).size() == 2);
  CHECK(target.schedule("PipelineStatus", in_field(1, "test")).messages.size() == 1);
  const GrpcAnswer unknown = target.schedule("PipelineStatus", in_field(2, "q"));
  CHECK(unknown.code == 9);
  CHECK(unknown.message == "there is no pipeline \"q\"");
  CHECK(target.schedule("LoadPipeline", pipeline_request("q", "q")).message ==
        "pipeline q: a step must not have the pipeline's own name");
  CHECK(target.schedule("LoadPipeline", "\x0a\x7f").code == 13);
}

TEST_CASE("an experiment is active while its models are there") {
  PipelineGrpc target;
  Http2Stream& stream = target.subscribe("SubscribeExperimentStatus");
  for (const char* name : {"iris-1", "iris-2"})
    target.schedule("LoadModel", load_request(name));
  CHECK(target.schedule("StartExperiment", experiment_request("e", "iris-1", "iris-2")).code == 0);
  CHECK(target.lines_of(stream, 1, experiment_line) == Lines{"e active"});
  const Http2Stream::Fields routed{{"seldon-model", "e.experiment"}};
  const GrpcAnswer first = target.infer(GrpcFixture::iris("x"), routed);
  const GrpcAnswer second = target.infer(GrpcFixture::iris("x"), routed);
  CHECK(field_of(first.only(), 1) != field_of(second.only(), 1));
  const std::string request = in_field(1, "k6") + in_field(2, "e");
  CHECK(experiment_line(target.schedule("ExperimentStatus", request).only()) == "e active");
  CHECK(target.schedule("StopExperiment", in_field(1, "e")).code == 0);
  CHECK(target.lines_of(stream, 2, experiment_line).back() == "e inactive");
  CHECK(experiment_line(target.schedule("ExperimentStatus", request).only()) == "e inactive");
  CHECK(target.infer(GrpcFixture::iris("x"), routed).code == 5);
  CHECK(target.schedule("ExperimentStatus", in_field(2, "f")).code == 9);
  CHECK(target.schedule("StopExperiment", in_field(1, "f")).code == 9);
}

}  // namespace
}  // namespace perigee
