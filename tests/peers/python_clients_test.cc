// Clients of other people against `perigee serve`; see tests/peers/with_python_clients. What they
// must get is written down in the scripts that use them.
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/process.h"
#include "tests/support/target_process.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

// A script of tests of Python's, which are told apart in what it writes if one fails.
void check_client(const std::string& script, const std::vector<std::string>& arguments) {
  const char* const python = std::getenv("CLIENTS_PYTHON");
  REQUIRE(python != nullptr);
  std::vector<std::string> command{python, "tests/peers/" + script};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const ProcessResult run = run_process(command);
  CHECK_MESSAGE(run.exit_code == 0, run.err);
  CHECK(run.err.find("\nOK") != std::string::npos);
}

}  // namespace

TEST_CASE("OpenAI's client understands the target") {
  const TargetProcess target({"--tokens", "8", "--first-token", "1ms", "--token-interval", "1ms"});
  check_client("openai_client.py", {target.url()});
}

TEST_CASE("Triton's client understands the target") {
  const TargetProcess target;
  check_client("triton_client.py", {target.url()});
}

TEST_CASE("Python's gRPC understands the target, in clear text and over TLS") {
  const TestAuthority authority;
  const TestIdentity identity = authority.issue();
  const TargetProcess target({"--tls-cert=" + identity.certificate, "--tls-key=" + identity.key});
  check_client("grpc_client.py", {target.url()});
  check_client("grpc_client.py", {target.secure_url(), authority.certificate()});
}

TEST_CASE("Triton's client understands the target over gRPC") {
  const TargetProcess target;
  check_client("triton_grpc_client.py", {target.url()});
}

}  // namespace perigee
