// OpenVINO Model Server's client against `perigee serve`, and `perigee infer` against TensorFlow
// Serving's API over grpcio; see tests/peers/with_ovmsclient.
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/process.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

// perigee infer at the server that the environment names.
ProcessResult infer(const std::vector<std::string>& words) {
  const char* const port = std::getenv("TFS_PORT");
  REQUIRE(port != nullptr);
  std::vector<std::string> command{perigee_program(), "infer", "-a", "127.0.0.1", "-p", port};
  command.insert(command.end(), words.begin(), words.end());
  return run_process(command);
}

bool has(const ProcessResult& run, const std::string& part) {
  return (run.out + run.err).find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("OpenVINO Model Server's client understands the target over gRPC and HTTP") {
  const TargetProcess target;
  const char* const python = std::getenv("OVMSCLIENT_PYTHON");
  REQUIRE(python != nullptr);
  const ProcessResult run = run_process({python, "tests/peers/ovms_client.py", target.url()});
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(run.err.find("\nOK") != std::string::npos);
}

TEST_CASE("a model of TensorFlow Serving's API is found and loaded by its metadata") {
  const ProcessResult run = infer({"-m", "half", "-n", "5", "-c", "2", "-b", "3", "--print_all"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run, "its API is TFS"));
  CHECK(has(run, "XI worker: set version of model half: 3\n"));
  CHECK(has(run, "XI worker:   tensorShape: {'dim': [{'size': '-1'}, {'size': '4'}]}\n"));
  CHECK(has(run, "XI worker: pass_frames: 30\n"));
}

TEST_CASE("sequences have their control inputs where OpenVINO Model Server reads them") {
  const ProcessResult run =
      infer({"-m", "counter", "-n", "6", "-c", "2", "-q", "3", "--print_all"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run, "XI worker: pass_batches: 12\n"));
  // A load that ends within a sequence leaves it open.
  const ProcessResult open = infer({"-m", "counter", "-n", "1", "-q", "2", "--print_all"});
  CHECK(open.exit_code == 0);
  const ProcessResult again = infer({"-m", "counter", "-n", "1", "-q", "2", "--print_all"});
  CHECK(again.exit_code == 110);
  CHECK(has(again, "ALREADY_EXISTS: Sequence with provided ID already exists"));
}

TEST_CASE("a model that such a server does not know is an error") {
  const ProcessResult run = infer({"-m", "nobody", "-n", "1"});
  CHECK(run.exit_code == 110);
  CHECK(has(run, "NOT_FOUND: Model with requested name is not found"));
}

}  // namespace perigee
