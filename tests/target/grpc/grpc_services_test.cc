#include <doctest/doctest.h>

#include "tests/target/grpc/grpc_fixture.h"

namespace perigee {
namespace {

const std::string kInfer = "/inference.GRPCInferenceService/ModelInfer";

TEST_CASE("calls and their messages are counted by method and status") {
  GrpcFixture target;
  CHECK(target.infer(GrpcFixture::iris()).code == 0);
  CHECK(target.infer(GrpcFixture::iris("nobody")).code == 5);
  CHECK(target.call("/pkg.Other/One").code == 12);
  Http2Stream& cancelled = target.client.open(kInfer);
  CHECK(target.infer(GrpcFixture::iris()).code == 0);
  cancelled.reset(http2::ErrorCode::kCancel);
  target.client.http.flush();
  const auto counts = target.counts(5);
  CHECK(counts["calls"] == 5);
  CHECK(counts["answered"] == 4);
  CHECK(counts["dropped"] == 1);
  CHECK(counts["messages_received"] == 3);
  CHECK(counts["messages_sent"] == 2);
  CHECK(counts["methods"] == nlohmann::json{{kInfer, 4}, {"other", 1}});
  CHECK(counts["statuses"] == nlohmann::json{{"OK", 2}, {"NOT_FOUND", 1}, {"UNIMPLEMENTED", 1}});

  const auto stats = target.stats();
  CHECK(stats["requests"] == 5);
  CHECK(stats["routes"] == nlohmann::json{{"grpc", 5}});
  CHECK(target.connect().post("/stats/reset", "").status == 200);
  CHECK(target.stats()["grpc"]["calls"] == 0);
  CHECK(target.call("/perigee.test.Test/Echo").code == 0);
  CHECK(target.stats()["grpc"]["calls"] == 1);
}

TEST_CASE("a request for a gRPC service that is no call says what it lacks") {
  GrpcFixture target;
  Http2Stream& wrong = target.client.http.open({{":method", "POST"},
                                                {":scheme", "http"},
                                                {":authority", "a"},
                                                {":path", kInfer},
                                                {"content-type", "application/json"}});
  wrong.send("{}");
  wrong.end();
  target.client.http.finish(wrong);
  CHECK(wrong.status == 415);
  CHECK(wrong.head.at("grpc-status") == "3");
  CHECK(wrong.body.find("is not application/grpc, which a call of " + kInfer + " has") !=
        std::string::npos);

  RawClient old = target.connect();
  const RawAnswer answer = old.post(kInfer, "x", "Content-Type: application/grpc\r\n");
  CHECK(answer.status == 505);
  CHECK(answer.body == R"({"error":"gRPC needs HTTP/2"})");
  CHECK(target.connect().post("/pkg.Other/One", "x").status == 404);
}

TEST_CASE("gRPC and HTTP share a connection") {
  GrpcFixture target;
  Http2Stream& request = target.client.http.open(
      {{":method", "GET"}, {":scheme", "http"}, {":authority", "a"}, {":path", "/bytes/5"}}, true);
  CHECK(target.infer(GrpcFixture::iris()).code == 0);
  target.client.http.finish(request);
  CHECK(request.body == "abcde");
  CHECK(target.stats()["connections"] == 1);
}

}  // namespace
}  // namespace perigee
