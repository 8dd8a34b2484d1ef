// perigee infer against the MLServer that the environment names; see tests/peers/with_mlserver. Its
// model says nothing of its inputs.
#include <cstdlib>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/process/script_run.h"

namespace perigee {
namespace {

using nlohmann::json;

std::string port_in(const char* variable) {
  const char* const endpoint = std::getenv(variable);
  REQUIRE_MESSAGE(endpoint != nullptr, "this test needs MLServer: see tests/peers/with_mlserver");
  const std::string text = endpoint;
  return text.substr(text.rfind(':') + 1);
}

ProcessResult infer(const std::vector<std::string>& words) {
  std::vector<std::string> all{perigee_program(), "infer", "-a", "127.0.0.1", "-m", "iris"};
  all.insert(all.end(), words.begin(), words.end());
  return run_process(all);
}

json figures(const ProcessResult& run) {
  INFO(run.out, run.err);
  REQUIRE(run.exit_code == 0);
  const size_t at = run.out.find("###STATISTICS###");
  REQUIRE(at != std::string::npos);
  return json::parse(run.out.substr(at + 16));
}

}  // namespace

TEST_CASE("MLServer's model is inferred with over gRPC and HTTP") {
  const std::vector<std::vector<std::string>> ports{{"-p", port_in("INFER_GRPC_ENDPOINT")},
                                                    {"-r", port_in("INFER_HTTP_ENDPOINT")}};
  for (std::vector<std::string> words : ports) {
    words.insert(words.end(), {"-n", "20", "-c", "2", "-b", "1", "3", "--input", "predict:FP32:1,4",
                               "--max_value", "8", "-j"});
    const json all = figures(infer(words));
    CHECK(all.at("pass_batches") == 40);
    CHECK(all.at("pass_frames") == 80);
    CHECK(all.at("submetrics") == 2);
  }
}

TEST_CASE("MLServer's models are listed over gRPC and HTTP") {
  for (const auto& [flag, variable] :
       {std::pair("-p", "INFER_GRPC_ENDPOINT"), std::pair("-r", "INFER_HTTP_ENDPOINT")}) {
    const ProcessResult run = infer({flag, port_in(variable), "-l"});
    INFO(run.out, run.err);
    CHECK(run.exit_code == 0);
    CHECK(run.out.find("XI worker:  model: iris, version: - - READY\n") != std::string::npos);
  }
}

TEST_CASE("inputs that MLServer says nothing of are asked for") {
  const ProcessResult run = infer({"-p", port_in("INFER_GRPC_ENDPOINT"), "-n", "1"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 110);
  CHECK(run.err.find("--input NAME:FP32:1,4") != std::string::npos);
}

}  // namespace perigee
