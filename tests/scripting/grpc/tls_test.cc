// gRPC over TLS from scripts.
#include <string>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/scripting/grpc/grpc_fixture.h"
#include "tests/support/raw_server.h"
#include "tests/support/test_authority.h"

namespace perigee {
namespace {

// What a call over TLS with these parameters of connect comes to: "0", or what connecting raised.
std::string call_over_tls(const TargetProcess& target, const std::string& params) {
  ScriptFixture script(
      grpc_script(target.secure_url().substr(8),
                  "client:connect(address, " + params +
                      ") print('status ' .. client:invoke('perigee.test.Test/Echo').status)"));
  if (script.iterate() == IterationResult::kCompleted) return script.lines().back();
  return script.vu().error();
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a server's certificate is looked at, whichever way its authority is given") {
  const TestAuthority authority;
  const TestIdentity identity = authority.issue();
  const TargetProcess target({"--tls-cert=" + identity.certificate, "--tls-key=" + identity.key});
  const std::string ca = "[[" + authority.certificate() + "]]";
  CHECK(has(call_over_tls(target, "{ tls = { cacerts = " + ca + " } }"), "status 0"));
  CHECK(has(call_over_tls(target, "{ tls = { cacerts = { " + ca + " } } }"), "status 0"));
  CHECK(has(call_over_tls(target, "{ tls = { tlsCACerts = { " + ca + " } } }"), "status 0"));
  CHECK(has(call_over_tls(target, "{ tls = { insecureSkipTLSVerify = true } }"), "status 0"));
  const std::string unknown = call_over_tls(target, "{}");
  INFO(unknown);
  CHECK(has(unknown, "authority"));
  CHECK(has(call_over_tls(target, "{ tls = { cacerts = " + ca + " }, authority = 'other.test' }"),
            "certificate"));
}

TEST_CASE("TLS to a server that does not speak it says so") {
  const TargetProcess plain;
  ScriptFixture tls(grpc_script(plain.url().substr(7), "client:connect(address)"));
  CHECK(tls.iterate() == IterationResult::kFailed);
  INFO(tls.vu().error());
  CHECK(has(tls.vu().error(), "TLS"));
}

TEST_CASE("clear text to a server that speaks TLS can't be connected, and says what to leave out") {
  const RawServer server({{RawServer::hang()}}, RawTlsOptions{.identity = TestAuthority().issue()});
  const std::string address = fmt::format("127.0.0.1:{}", server.port());
  ScriptFixture script(
      grpc_script(address, "client:connect(address, { plaintext = true }) print('connected')"));
  CHECK(script.iterate() == IterationResult::kFailed);
  INFO(script.vu().error());
  CHECK(has(script.vu().error(), "client:connect: connection to " + address + ": "));
  CHECK(has(script.vu().error(), "leave out plaintext"));
}

}  // namespace perigee
