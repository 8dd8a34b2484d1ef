// perigee grpc: calls without a script, to the built-in target.
#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/process/script_run.h"
#include "tests/support/target_process.h"

namespace perigee {
namespace {

using nlohmann::json;

// perigee grpc WORDS... with the types of the target's test service
ProcessResult grpc(std::vector<std::string> words, const Process::Options& options = {}) {
  words.insert(words.begin(), {perigee_program(), "grpc", "-plaintext", "-import-path",
                               "scenarios/protos", "-proto", "perigee/test.proto"});
  return run_process(words, options);
}

std::string address(const TargetProcess& target) {
  return target.url().substr(7);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a call without a load is made once, and its response printed as JSON") {
  const TargetProcess target;
  const ProcessResult run =
      grpc({"-d", R"({"text": "hi"})", address(target), "perigee.test.Test/Echo"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(json::parse(run.out)["text"] == "hi");
  CHECK(run.err.empty());
}

TEST_CASE("streams are sent every message and read to their end") {
  const TargetProcess target;
  const ProcessResult sum = grpc(
      {"-d", R"({"value": 3} {"value": 4})", "--call", "perigee.test.Test.Sum", address(target)});
  INFO(sum.out, sum.err);
  CHECK(sum.exit_code == 0);
  CHECK(json::parse(sum.out)["sum"] == "7");
  const ProcessResult list =
      grpc({"-d", R"([{"value": 3}, {"value": 5}])", address(target), "perigee.test.Test/Sum"});
  CHECK(json::parse(list.out)["sum"] == "8");
  const ProcessResult count =
      grpc({"-d", R"({"messages": 2})", address(target), "perigee.test.Test/Count"});
  INFO(count.out, count.err);
  CHECK(count.exit_code == 0);
  CHECK(has(count.out, "\"index\": \"1\""));
  CHECK(has(count.out, "\"index\": \"2\""));
}

TEST_CASE("a call that fails is told by its code and message, and is no success") {
  const TargetProcess target;
  const ProcessResult run = grpc({"-d", R"({"code": 5, "message": "no such cat"})", address(target),
                                  "perigee.test.Test/Fail"});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 110);
  CHECK(run.err == "the call has failed with NOT_FOUND (code 5): no such cat\n");
}

TEST_CASE("a load of calls is reported by latencies and names of statuses") {
  const TargetProcess target;
  const ProcessResult text = grpc({"-s", "-n", "40", "-c", "4", "-d", R"({"text": "hi"})",
                                   address(target), "perigee.test.Test/Echo"});
  INFO(text.out, text.err);
  CHECK(text.exit_code == 0);
  CHECK(has(text.out, "4 callers, 40 calls\n"));
  CHECK(has(text.out, "\n    OK...: 40\n"));
  const ProcessResult document =
      grpc({"--json", "-n", "10", "-c", "2", "--connections", "1", "-d",
            R"({"code": 5, "message": "no"})", address(target), "perigee.test.Test/Fail"});
  INFO(document.out, document.err);
  CHECK(document.exit_code == 0);
  const json result = json::parse(document.out);
  CHECK(result["calls"]["count"] == 10);
  CHECK(result["calls"]["failed"] == 10);
  CHECK(result["status_codes"] == json{{"NotFound", 10}});
  CHECK(result["address"] == address(target));
  CHECK(result["latency_ms"]["count"] == 10);
}

TEST_CASE("a server or a method that is not there, and a wrong field, end before the load") {
  const TargetProcess target;
  const ProcessResult gone = grpc({"-n", "5", "127.0.0.1:1", "perigee.test.Test/Echo"});
  INFO(gone.err);
  CHECK(gone.exit_code == 110);
  CHECK(has(gone.err, "connection refused"));
  CHECK(std::count(gone.err.begin(), gone.err.end(), '\n') == 1);
  const ProcessResult method = grpc({"-n", "5", address(target), "perigee.test.Test/Eco"});
  INFO(method.err);
  CHECK(method.exit_code == 110);
  CHECK(has(method.err, "Eco"));
  const ProcessResult field =
      grpc({"-d", R"({"txt": "a"})", "-n", "5", address(target), "perigee.test.Test/Echo"});
  INFO(field.err);
  CHECK(field.exit_code == 110);
  CHECK(has(field.err, "txt"));
}

TEST_CASE("messages are protobuf's JSON both ways, and defaults are printed on demand") {
  const TargetProcess target;
  const std::string method = "perigee.test.Test/Echo";
  const ProcessResult run =
      grpc({"-d", R"({"text": "hi", "payload": "AP-_"})", address(target), method});
  INFO(run.out, run.err);
  CHECK(json::parse(run.out) == json{{"text", "hi"}, {"payload", "AP+/"}});
  CHECK(grpc({address(target), method}).out == "{}\n");
  const ProcessResult all = grpc({"-emit-defaults", address(target), method});
  CHECK(json::parse(all.out) == json{{"text", ""}, {"payload", ""}, {"metadata", json::object()}});
  // Of a load, too, and as the scenario that is written for one.
  const ProcessResult load =
      grpc({"--json", "-n", "3", "-d", R"({"payload": "AP8="})", address(target), method});
  INFO(load.err);
  CHECK(json::parse(load.out)["status_codes"] == json{{"OK", 3}});
}

TEST_CASE("a unary method gets several messages of a load in turn, and a single call takes one") {
  const TargetProcess target;
  const std::string messages =
      R"([{"code": 5, "message": "not here"}, {"code": 7, "message": "not you"}])";
  const ProcessResult load = grpc(
      {"--json", "-n", "3", "-c", "1", "-d", messages, address(target), "perigee.test.Test/Fail"});
  INFO(load.err);
  const json document = json::parse(load.out);
  CHECK(document["status_codes"] == json{{"NotFound", 2}, {"PermissionDenied", 1}});
  CHECK(document["errors"] == json{{{"error", "not here"}, {"code", 5}, {"count", 2}},
                                   {{"error", "not you"}, {"code", 7}, {"count", 1}}});
  const ProcessResult single = grpc({"-d", messages, address(target), "perigee.test.Test/Fail"});
  CHECK(single.exit_code == 110);
  CHECK(single.err == "perigee.test.Test/Fail takes one message, and --data has 2\n");
}

TEST_CASE("a server that goes away during a load is calls that fail, and the run goes on") {
  std::optional<TargetProcess> target(std::in_place);
  Process run({perigee_program(), "grpc", "-plaintext", "--json", "-s", "-c", "2", "-z", "5s",
               address(*target), "perigee.test.Test/Echo"});
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (target->stats()["grpc"]["methods"].value("/perigee.test.Test/Echo", 0) < 3)
    REQUIRE(std::chrono::steady_clock::now() < deadline);
  target.reset();
  const ProcessResult& result = run.wait();
  INFO(result.out, result.err);
  CHECK(result.exit_code == 0);
  const json document = json::parse(result.out);
  // Of three calls of two callers one was answered.
  CHECK(document["status_codes"]["OK"] >= 1);
  CHECK(document["status_codes"]["Unavailable"] >= 1);
  CHECK(document["calls"]["count"] == document["status_codes"]["OK"].get<int>() +
                                          document["status_codes"]["Unavailable"].get<int>());
  CHECK(result.err.find("traceback") == std::string::npos);
}

TEST_CASE("words that perigee grpc does not take are refused with what to write") {
  const auto told = [](const std::vector<std::string>& words) {
    const ProcessResult run = grpc(words);
    CHECK(run.exit_code == 104);
    return run.err;
  };
  CHECK(has(told({"-insecure", "h:1", "a.B/C"}), "--skip-verify"));
  CHECK(has(told({"--format", "csv", "h:1", "a.B/C"}), "--json"));
  CHECK(has(told({"h:1"}), "name a method"));
  CHECK(has(told({"h:1", "nothing"}), "package.Service/Method"));
  CHECK(has(told({"-d", R"({"a":})", "h:1", "a.B/C"}), "line 1, column 6"));
  CHECK(has(told({"-d", R"({"a": {{.RequestNumber}}})", "h:1", "a.B/C"}), "new --from grpc"));
  CHECK(has(told({"-proto", "nowhere.proto", "h:1", "a.B/C"}), "nowhere.proto"));
  CHECK(has(told({"--rsp", "5", "h:1", "a.B/C"}), "--rps"));
}

TEST_CASE("new --from grpc writes the scenario that perigee grpc runs") {
  const TargetProcess target;
  const ScratchFolder folder;
  const std::string file = folder / "load.lua";
  const ProcessResult made = run_process(
      {perigee_program(), "new", "--from", "grpc", "--plaintext", "--import-path",
       "scenarios/protos", "--proto", "perigee/test.proto", "-n", "7", "-d", R"({"text": "hi"})",
       "-m", R"({"a": "b"})", address(target), "perigee.test.Test/Echo", file});
  INFO(made.out, made.err);
  REQUIRE(made.exit_code == 0);
  const ProcessResult run = run_process({perigee_program(), "run", "--no-color", file});
  INFO(run.out, run.err);
  CHECK(run.exit_code == 0);
  CHECK(has(run.out, "grpc_reqs"));
}

}  // namespace perigee
