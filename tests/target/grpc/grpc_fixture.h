// A target and a client of gRPC to it.
#pragma once

#include <string>
#include <string_view>

#include "tests/support/grpc_client.h"
#include "tests/target/grpc/infer_request_text.h"
#include "tests/target/target_fixture.h"

namespace perigee {

struct GrpcFixture : TargetFixture {
  explicit GrpcFixture(const TargetOptions& options = {})
      : TargetFixture(options), client(port()) {}

  GrpcAnswer call(const std::string& method, std::string_view message = {},
                  const Http2Stream::Fields& more = {}) {
    return client.call(method, message, more);
  }
  GrpcAnswer infer(std::string_view message, const Http2Stream::Fields& more = {}) {
    return call("/inference.GRPCInferenceService/ModelInfer", message, more);
  }
  // The gRPC part of the statistics, once so many calls have been closed.
  nlohmann::json counts(uint64_t closed) const {
    nlohmann::json counts;
    for (int tries = 0; tries < 100'000; ++tries) {
      counts = stats()["grpc"];
      const uint64_t ended = counts["answered"].get<uint64_t>() + counts["dropped"].get<uint64_t>();
      if (ended >= closed) break;
    }
    return counts;
  }

  // Models and their inputs as they are asked for most.
  static std::string iris(std::string_view model = "iris") {
    return wire_request(model, {wire_input("predict", "FP32", {1, 4})}, {floats({1, 2, 3, 4})});
  }

  GrpcClient client;
};

}  // namespace perigee
