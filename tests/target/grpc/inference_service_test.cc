#include <chrono>

#include <doctest/doctest.h>

#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {
namespace {

using namespace inference_fields;

const std::string kStream = "/inference.GRPCInferenceService/ModelStreamInfer";
const std::string kTwo = std::string("\2\0\0\0\0\0\0\0", 8);  // an iris is of class 2

TEST_CASE("a model infers from raw contents and answers with raw ones") {
  GrpcFixture target;
  const GrpcAnswer answer = target.infer(GrpcFixture::iris());
  CHECK(answer.code == 0);
  CHECK(field_of(answer.only(), kResponseModelName) == "iris");
  CHECK(fields_of(answer.only(), kRawOutputContents) == std::vector<std::string>{kTwo});
  CHECK(fields_of(answer.only(), kResponseId).empty());
}

TEST_CASE("a model infers from typed contents and answers with typed ones") {
  GrpcFixture target;
  std::string contents;
  protobuf::WireWriter(contents).bytes_field(kFp32Contents, floats({1, 2, 3, 4}));
  const GrpcAnswer answer =
      target.infer(wire_request("iris", {wire_input("predict", "FP32", {1, 4}, contents)}));
  CHECK(fields_of(answer.only(), kRawOutputContents).empty());
  const std::string output = field_of(answer.only(), kResponseOutputs);
  CHECK(field_of(output, kTensorDatatype) == "INT64");
  CHECK(field_of(field_of(output, kTensorContents), kInt64Contents) == "\2");
}

TEST_CASE("metadata that name a model win over the message") {
  GrpcFixture target;
  const auto model = [&](const Http2Stream::Fields& more) {
    return field_of(target.infer(GrpcFixture::iris("nobody"), more).only(), kResponseModelName);
  };
  CHECK(model({{"seldon-model", "iris"}}) == "iris");
  CHECK(model({{"seldon-model", "nobody"}, {"seldon-internal-model", "iris_1"}}) == "iris");
  CHECK(target.infer(GrpcFixture::iris("nobody")).code == 5);
}

TEST_CASE("what can't be inferred has the status that real servers give") {
  TargetOptions options;
  options.load_time = std::chrono::hours(1);
  GrpcFixture target(options);
  const GrpcAnswer unknown = target.infer(GrpcFixture::iris("nobody"));
  CHECK(unknown.code == 5);
  CHECK(unknown.message == "Model nobody not found: no model of this name is loaded");
  CHECK(unknown.head_only);
  CHECK(target.infer(GrpcFixture::iris("iris-later")).message ==
        "Model iris-later not found: it is not loaded (RepositoryModelLoad loads it)");

  target.client.open("/inference.GRPCInferenceService/RepositoryModelLoad")
      .send(GrpcClient::frame("\x12\x0airis-later"));
  const GrpcAnswer loading = target.infer(GrpcFixture::iris("iris-later"));
  CHECK(loading.code == 14);
  CHECK(loading.message == "Model iris-later is not ready yet: it is loading");

  const GrpcAnswer wrong = target.infer(
      wire_request("iris", {wire_input("predict", "FP32", {1, 4})}, {floats({1, 2, 3})}));
  CHECK(wrong.code == 3);
  CHECK(wrong.message ==
        "input \"predict\" has 12 bytes of raw contents; its shape [1,4] of FP32 holds 16");
  CHECK(target.infer("\x0a\xff").code == 13);
}

TEST_CASE("each request of a stream has its response, and an error ends nothing") {
  GrpcFixture target;
  Http2Stream& stream = target.client.open(kStream);
  for (const char* model : {"iris", "nobody", "iris"}) {
    stream.send(GrpcClient::frame(GrpcFixture::iris(model)));
    target.client.await(stream, GrpcClient::answer(stream).messages.size() + 1);
  }
  stream.end();
  const GrpcAnswer answer = target.client.finish(stream);
  CHECK(answer.code == 0);
  REQUIRE(answer.messages.size() == 3);
  CHECK(field_of(answer.messages[1], kErrorMessage) ==
        "Model nobody not found: no model of this name is loaded");
  CHECK(fields_of(answer.messages[1], kInferResponse).empty());
  CHECK(fields_of(answer.messages[2], kErrorMessage).empty());
  CHECK(field_of(field_of(answer.messages[2], kInferResponse), kRawOutputContents) == kTwo);
}

TEST_CASE("a message in a stream that is no protobuf ends it") {
  GrpcFixture target;
  const GrpcAnswer answer = target.call(kStream, "\x0a\xff");
  CHECK(answer.code == 13);
  CHECK(answer.messages.empty());
}

TEST_CASE("latency and errors are those of inferences, and control stays prompt") {
  TargetOptions options;
  options.behaviour.latency = {.kind = Latency::Kind::kFixed,
                               .mean = std::chrono::milliseconds(20)};
  GrpcFixture slow(options);
  const auto start = std::chrono::steady_clock::now();
  CHECK(slow.infer(GrpcFixture::iris()).code == 0);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(20));
  CHECK(slow.call(kStream, GrpcFixture::iris()).messages.size() == 1);
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(40));

  TargetOptions always;
  always.behaviour.error_rate = 1;
  GrpcFixture failing(always);
  const GrpcAnswer failed = failing.infer(GrpcFixture::iris());
  CHECK(failed.code == 14);
  CHECK(failed.message == "failed on purpose (--error-rate)");
  CHECK(field_of(failing.call(kStream, GrpcFixture::iris()).only(), kErrorMessage) ==
        failed.message);
  CHECK(failing.call("/inference.GRPCInferenceService/ServerReady").only() == "\x08\x01");
}

}  // namespace
}  // namespace perigee
