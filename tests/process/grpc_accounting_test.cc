// Nothing vanishes of gRPC either: a run's own books against those of the server.
#include <chrono>
#include <csignal>
#include <deque>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/process/accounting.h"
#include "tests/support/thread_sanitizer.h"

namespace perigee {
namespace {

// A scenario `load` whose iterations run `body`, in which `client` is connected and `method(name)`
// is one of perigee.test.Test.
std::string grpc_load(const TargetProcess& target, const std::string& scenario,
                      const std::string& client, const std::string& body) {
  return fmt::format(R"lua(
local grpc = require "perigee.grpc"
local execution = require "perigee.execution"
local started = require "perigee.metrics".counter("started")
local client = grpc.client({{{}}})
client:load({{ "{}/scenarios/protos" }}, "perigee/test.proto")
local function method(name) return "perigee.test.Test/" .. name end

return {{ options = {{ scenarios = {{ load = {{ {} }} }} }}, default = function()
  started:add(1)
  local n = execution.scenario.iteration_in_test
  client:connect("{}", {{ plaintext = true }})
  {}
end }}
)lua",
                     client, std::filesystem::current_path().string(), scenario,
                     target.url().substr(7), body);
}

uint64_t calls(const TargetProcess& target) {
  return target.stats()["grpc"]["calls"];
}

// What is on its way at the end of a run still arrives.
uint64_t settled_calls(const TargetProcess& target, uint64_t expected) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  uint64_t seen = calls(target);
  while (seen != expected && std::chrono::steady_clock::now() < deadline)
    seen = calls(target);
  return seen;
}

void wait_for_calls(const TargetProcess& target, uint64_t count) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (calls(target) < count) {
    if (std::chrono::steady_clock::now() > deadline)
      throw std::runtime_error(fmt::format("the target has not seen {} calls", count));
  }
}

// The calls that the target saw = those counted, those interrupted and those sent again, in all
// and of each method.
void check_calls(ScriptRun& run, const TargetProcess& target) {
  check_iterations(run);
  check_summary_is_csv(run);
  INFO(run.log());
  CAPTURE(run.count("grpc_reqs"));
  CAPTURE(run.count("grpc_reqs_interrupted"));
  const uint64_t sent =
      run.count("grpc_reqs") + run.count("grpc_reqs_interrupted") + run.count("grpc_reqs_retried");
  CHECK(settled_calls(target, sent) == sent);
  const nlohmann::json methods = target.stats()["grpc"]["methods"];
  for (const auto& entry : methods.items()) {
    const std::string& method = entry.key();
    CAPTURE(method);
    const CsvTable::Where named{{"method", method.substr(method.rfind('/') + 1)}};
    CHECK(entry.value() == run.csv().rows("grpc_reqs", named) +
                               run.csv().rows("grpc_reqs_interrupted", named) +
                               run.csv().rows("grpc_reqs_retried", named));
  }
}

// A deadline that passes before the call has left would end it without the server's knowing.
constexpr const char* kLimit = kTurnsAreLong ? "2s" : "200ms";

// Every way in which a call can go wrong, and those that go well between them.
constexpr const char* kTrouble = R"lua(
  local step = n % 15
  if step == 0 then client:invoke(method("Hang"), {}, { timeout = limit })
  elseif step == 1 then client:invoke(method("Fail"), { code = 5 })
  elseif step == 2 then client:invoke(method("Echo"), { text = "a" })
  elseif step == 3 then client:async_invoke(method("Echo"), { text = "nobody waits", delay_ms = 20 })
  elseif step == 4 then
    local stream = client:stream(method("Chat"))
    stream:send({ text = "a" })
    for _ in stream:messages() do break end
  elseif step == 5 then
    local stream = client:stream(method("Count"))
    stream:send({ endless = true, size = 1000 })
    stream:receive()
    stream:close()
  elseif step == 6 then
    local stream = client:stream(method("Sum"))
    for i = 1, 10 do stream:send({ value = i }) end
    stream:close_send()
    stream:receive()
    stream:receive()
  elseif step == 7 then
    client:stream(method("Chat")):send({ text = "left alone" })
  elseif step == 8 then
    client:stream(method("Count")):send({ endless = true, size = 100000 })
  elseif step == 9 then
    client:stream(method("Chat"), { timeout = limit }):receive()
  elseif step == 10 then
    local stream = client:stream(method("Sum"))
    stream:send({ value = 1 })
    stream:receive("5ms")
    stream:close()
  else
    client:invoke(method("Break"), { way = ways[step - 10], messages = 1 })
  end
)lua";

// Calls of every kind that do not end by themselves.
constexpr const char* kEndless[] = {R"lua(client:invoke(method("Hang"), {}))lua",
                                    R"lua(client:stream(method("Chat")):receive())lua",
                                    R"lua(
  local stream = client:stream(method("Count"))
  stream:send({ endless = true, size = 100000 })
  for _ in stream:messages() do end)lua",
                                    R"lua(
  local stream = client:stream(method("Sum"))
  stream:send({ value = 1 })
  stream:receive())lua"};

// A run of such calls with a target of its own.
struct HangingBook {
  HangingBook(const std::string& grace, const std::string& what)
      : body(what),
        run(grpc_load(target,
                      "executor = 'constant-vus', vus = 4, duration = '1s', gracefulStop = '" +
                          grace + "'",
                      "", what),
            {"--workers", "2"}) {}

  std::string body;
  TargetProcess target;
  ScriptRun run;
};

}  // namespace

TEST_CASE("every call of gRPC is accounted for, whatever the server does with it") {
  // Where connections are shared, a GOAWAY ends streams that can't be opened again.
  const std::pair<const char*, const char*> kinds[] = {
      {"", "{ 'RESET', 'GO_AWAY', 'CUT_MESSAGE', 'HTTP_STATUS' }"},
      {"shared = 'all', connections = 2", "{ 'RESET', 'BAD_STATUS', 'CUT_MESSAGE', 'NO_STATUS' }"}};
  for (const auto& kind : kinds) {
    const std::string client = kind.first;
    const std::string ways = kind.second;
    const TargetProcess target;
    ScriptRun run(
        grpc_load(target, "executor = 'per-vu-iterations', vus = 8, iterations = 30", client,
                  fmt::format("local ways, limit = {}, '{}'{}", ways, kLimit, kTrouble)),
        {"--workers", "2"});
    CAPTURE(client);
    REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
    check_calls(run, target);
    CHECK(run.count("iterations") == 240);
    CHECK_MESSAGE(run.count("iteration_errors") == 0, run.log());
    // What is left alone and cut off before it has left is no call.
    const uint64_t made = run.count("grpc_reqs") + run.count("grpc_reqs_interrupted");
    CHECK((kTurnsAreLong ? made <= 240 : made == 240));
    CHECK(run.csv().rows("grpc_reqs", {{"method", "Hang"}, {"status", "4"}}) == 16);
    CHECK(run.csv().rows("grpc_reqs", {{"method", "Fail"}, {"status", "5"}}) == 16);
  }
}

TEST_CASE("calls and streams that go on at the end of a run are interrupted and counted") {
  std::deque<HangingBook> books;  // most of their time runs wait: all go on side by side
  for (const char* grace : {"0s", "300ms"}) {
    for (const char* body : kEndless)
      books.emplace_back(grace, body);
  }
  for (HangingBook& book : books) {
    ScriptRun& run = book.run;
    CAPTURE(book.body);
    REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
    check_calls(run, book.target);
    CHECK(run.count("iterations") == 0);
    CHECK(run.count("grpc_reqs") == 0);
    CHECK(run.count("grpc_reqs_interrupted") == 4);
  }
}

TEST_CASE(
    "calls beside one that has the server leave are sent again only if it has not taken them") {
  const TargetProcess target;
  ScriptRun run(grpc_load(target, "executor = 'per-vu-iterations', vus = 16, iterations = 50",
                          "shared = 'all', connections = 2", R"lua(
    if n % 10 == 0 then client:invoke(method("Break"), { way = "GO_AWAY", messages = 1 })
    else client:invoke(method("Echo"), { text = "a", delay_ms = n % 3 }) end)lua"),
                {"--workers", "2"});
  REQUIRE_MESSAGE(run.exit_code() == 0, run.log());
  check_iterations(run);
  CHECK(run.count("grpc_reqs") == 800);
  CHECK_MESSAGE(run.passes("grpc_req_failed") == 0, run.log());
  // What was sent again had not arrived before.
  CHECK(calls(target) == 800);
}

TEST_CASE("a server that is gone ends its calls as unavailable, and no client connects any more") {
  TargetProcess target;
  ScriptRun run(grpc_load(target, "executor = 'per-vu-iterations', vus = 4, iterations = 100", "",
                          R"lua(client:invoke(method(n < 200 and "Echo" or "Hang"), {}))lua"),
                {"--workers", "2"});
  wait_for_calls(target, 200 + 4);
  target.process().signal(SIGKILL);
  CHECK(run.exit_code() == 0);
  INFO(run.log());
  check_iterations(run);
  check_summary_is_csv(run);
  CHECK(run.count("iterations") == 400);
  CHECK(run.count("grpc_reqs") == 200 + 4);
  CHECK(run.csv().rows("grpc_reqs", {{"method", "Hang"}, {"status", "14"}}) == 4);
  // The others have raised errors at `connect`, and sent nothing.
  CHECK(run.count("iteration_errors") == 400 - 200 - 4);
  CHECK(run.log().find("connection refused") != std::string::npos);
}

TEST_CASE("a signal in the middle of calls leaves complete books") {
  const TargetProcess target;
  ScriptRun run(grpc_load(target, "executor = 'constant-vus', vus = 8, duration = '60s'",
                          "shared = 'all'", R"lua(
    if n < 4 then client:invoke(method("Echo"), {})
    elseif n % 2 == 0 then client:invoke(method("Hang"), {})
    else client:stream(method("Chat")):receive() end)lua"),
                {"--workers", "2"});
  wait_for_calls(target, 4 + 8);
  run.process().signal(SIGINT);
  CHECK(run.exit_code() == 105);
  check_calls(run, target);
  CHECK(run.count("iterations") == 4);
  CHECK(run.count("grpc_reqs") == 4);
  CHECK(run.count("grpc_reqs_interrupted") == 8);
}

TEST_CASE("a call that its deadline ends has lasted as long, however quiet the loop was") {
  const TargetProcess target;
  ScriptRun run(grpc_load(target, R"(executor = "per-vu-iterations", vus = 1, iterations = 3)", "",
                          R"lua(client:invoke(method("Hang"), {}, { timeout = "300ms" }))lua"),
                {"--workers", "1"});
  REQUIRE(run.exit_code() == 0);
  const auto& duration = run.summary().at("metrics").at("grpc_req_duration");
  CHECK(duration.at("min").get<double>() > 299);
}

}  // namespace perigee
