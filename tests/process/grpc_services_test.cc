// perigee grpc HOST:PORT list and describe: by the built-in target's reflection, and by files.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/script_run.h"
#include "tests/support/raw_server.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

ProcessResult grpc(std::vector<std::string> words) {
  words.insert(words.begin(), {perigee_program(), "grpc"});
  return run_process(words);
}

// ... with the types of the target's test service in files.
ProcessResult by_files(std::vector<std::string> words) {
  words.insert(words.begin(), {"-import-path", "scenarios/protos", "-proto", "perigee/test.proto"});
  return grpc(std::move(words));
}

std::string address(const TargetProcess& target) {
  return target.url().substr(7);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr const char* kSumRequest =
    "perigee.test.SumRequest is a message:\n"
    "message SumRequest {\n"
    "  int64 value = 1;\n"
    "}\n";

}  // namespace

TEST_CASE("the services of a server are listed by their names, and one's methods by theirs") {
  const TargetProcess target;
  const ProcessResult services = grpc({"-plaintext", address(target), "list"});
  INFO(services.err);
  CHECK(services.exit_code == 0);
  CHECK(services.err.empty());
  CHECK(has(services.out,
            "grpc.health.v1.Health\n"
            "grpc.reflection.v1.ServerReflection\n"
            "grpc.reflection.v1alpha.ServerReflection\n"
            "inference.GRPCInferenceService\n"
            "perigee.test.Test\n"));
  const ProcessResult methods =
      grpc({"-plaintext", address(target), "list", "grpc.health.v1.Health"});
  CHECK(methods.out ==
        "grpc.health.v1.Health.Check\ngrpc.health.v1.Health.List\ngrpc.health.v1.Health.Watch\n");
}

TEST_CASE("a symbol of a server is described with its kind, and all services without one") {
  const TargetProcess target;
  const ProcessResult message =
      grpc({"-plaintext", address(target), "describe", "perigee.test.SumRequest"});
  INFO(message.err);
  CHECK(message.exit_code == 0);
  CHECK(message.out == kSumRequest);
  const ProcessResult all = grpc({"-plaintext", address(target), "describe"});
  CHECK(has(all.out, "perigee.test.Test is a service:\nservice Test {\n  rpc Echo("));
  CHECK(has(all.out, "inference.GRPCInferenceService is a service:\n"));
}

TEST_CASE("types in files need no server, and none is asked") {
  CHECK(by_files({"list"}).out == "perigee.test.Test\n");
  CHECK(by_files({"127.0.0.1:1", "list"}).out == "perigee.test.Test\n");
  CHECK(by_files({"describe", "perigee.test.SumRequest"}).out == kSumRequest);
}

TEST_CASE("what is not there is one line and no success") {
  const TargetProcess target;
  const auto told = [](const ProcessResult& result) {
    CHECK(result.exit_code == 110);
    CHECK(result.out.empty());
    return result.err;
  };
  CHECK(told(by_files({"describe", "perigee.test.SumReqest"})) ==
        "there is no symbol perigee.test.SumReqest (did you mean \"perigee.test.SumRequest\"?)\n");
  CHECK(told(by_files({"list", "Test"})) ==
        "there is no service Test (did you mean \"perigee.test.Test\"?)\n");
  CHECK(has(told(grpc({"-plaintext", "127.0.0.1:1", "list"})), "connection refused\n"));
  CHECK(has(told(grpc({address(target), "list"})), "write --plaintext"));
  // It speaks HTTP/1.1 only, or hangs up.
  const auto told_of = [&](const RawServer::Script& script) {
    const RawServer server({script});
    return told(grpc({"-plaintext", fmt::format("127.0.0.1:{}", server.port()), "list"}));
  };
  CHECK(has(told_of({RawServer::send("HTTP/1.1 400 No\r\n\r\n"), RawServer::hang()}),
            "the server speaks HTTP/1.1"));
  CHECK(has(told_of({RawServer::hang_up()}), "before any HTTP/2 has come"));
}

TEST_CASE("list and describe say what is missing, and what is too much") {
  const auto told = [](const std::vector<std::string>& words) {
    const ProcessResult run = grpc(words);
    CHECK(run.exit_code == 104);
    return run.err;
  };
  CHECK(has(told({"list"}), "HOST:PORT list"));
  CHECK(has(told({"h:1", "describe", "a.B", "c"}), "too many"));
  CHECK(has(told({"-n", "5", "h:1", "list"}), "list makes no load"));
  CHECK(has(told({"-plaintext", "http://h:1", "list"}), "write --plaintext h:1"));
}

}  // namespace perigee
