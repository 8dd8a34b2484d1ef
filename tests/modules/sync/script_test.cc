// perigee.sync as scripts use it.
#include <fstream>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/process.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

std::string script(const std::string& body) {
  return "local perigee, sync = require 'perigee', require 'perigee.sync'\n"
         "return { default = function()\n" +
         body + "\nend }";
}

// A run of the program with two workers; what its script prints is in `err`.
ProcessResult run_on_two_workers(const std::string& source, std::vector<std::string> flags) {
  const ScratchFolder folder;
  std::ofstream(folder / "script.lua") << source;
  std::vector<std::string> words{perigee_program(), "run", "--quiet", "--workers", "2"};
  words.insert(words.end(), flags.begin(), flags.end());
  words.emplace_back("script.lua");
  return run_process(words, {.folder = folder / ""});
}

}  // namespace

TEST_CASE("what an iteration has locked is free when it has failed") {
  ScriptFixture fixture(script("assert(sync.lock('l'):acquire(0)) error('no')"));
  CHECK(fixture.iterate(1) == IterationResult::kFailed);
  fixture.iterate(2);
  CHECK(fixture.vu(2).error().find("script.lua:3: no") != std::string::npos);
}

TEST_CASE("a VU that is cut off while it waits for a lock leaves nothing behind") {
  ScriptFixture fixture(script(R"lua(
    local lock = sync.lock("l")
    lock:acquire()
    if __VU == 1 then sync.queue("go"):pop() end
    print("VU " .. __VU .. " had it"))lua"));
  fixture.start(1);
  fixture.start(2);
  fixture.vu(2).interrupt();
  CHECK(fixture.finish() == IterationResult::kInterrupted);
  fixture.start(3);
  fixture.vu(1).interrupt();
  CHECK(fixture.finish() == IterationResult::kInterrupted);
  fixture.loop().post([&] { fixture.loop().stop(); });
  fixture.loop().run();
  CHECK(fixture.told("VU 3 had it"));
}

TEST_CASE("what waits in vain for its time says so") {
  ScriptFixture fixture(script(R"lua(
    local function nothing(value, why) assert(value == nil and why == "timeout", why) end
    nothing(sync.barrier("b", 2):wait("1ms"))
    nothing(sync.queue("q"):pop(1))
    nothing(sync.queue("q"):pop(0))
    local full = sync.queue("full", 1)
    assert(full:push("x"))
    nothing(full:push("y", "1ms"))
    assert(full:length() == 1)
    local range = sync.counter("c", { max = 1 })
    assert(range:add() == 1)
    local sum, why = range:add()
    assert(sum == nil and why == "limit"))lua"));
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.vu().error() == "");
}

TEST_CASE("a queue carries tables, and says when it is closed") {
  ScriptFixture fixture(script(R"lua(
    local queue = sync.queue("q")
    queue:push({ name = "iris", list = { 1, 2 } })
    queue:close()
    local value = queue:pop()
    assert(value.name == "iris" and value.list[2] == 2)
    assert(select(2, queue:pop()) == "closed" and select(2, queue:push(1)) == "closed"))lua"));
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

TEST_CASE("what a script gets wrong names the line and what to write") {
  const std::pair<const char*, const char*> kWrong[] = {
      {"sync.lock('')", "sync.lock: name must not be empty"},
      {"sync.barrier('b', 0)", "parties must be a whole number from 1 to 1000000"},
      {"sync.barrier('b', 2) sync.barrier('b', 3)", "exists and has 2 parties"},
      {"sync.counter('c', { maximum = 1 })", "there is no setting maximum; there are min, max"},
      {"sync.counter('c', { min = 2, max = 1 })", "min 2 is above max 1"},
      {"sync.lock('l'):acquire('soon')", "timeout must be a duration like \"10s\""},
      {"sync.lock('l'):release()", "this VU does not have the lock"},
      {"local l = sync.lock('l') l:acquire() l:acquire()", "this VU has the lock already"},
      {"sync.queue('q'):push(nil)", "value must not be nil"},
      {"sync.queue('q'):push(print)", "value is a function"},
      {"sync.queue('q'):push(('x'):rep(2 ^ 20 + 1))", "a queue takes values of 1048576 at most"},
  };
  for (const auto& [call, message] : kWrong) {
    ScriptFixture fixture(script(call));
    CHECK(fixture.iterate() == IterationResult::kFailed);
    CAPTURE(fixture.vu().error());
    CHECK(fixture.vu().error().starts_with("script.lua:3: "));
    CHECK(fixture.vu().error().find(message) != std::string::npos);
  }
}

TEST_CASE("VUs on two workers exclude each other, and each has its turn") {
  const ProcessResult run = run_on_two_workers(R"lua(
local perigee, sync = require "perigee", require "perigee.sync"
local lock, inside = sync.lock("l"), sync.counter("inside", { min = 0, max = 1 })
local M = { options = { scenarios = { s = {
  executor = "per-vu-iterations", vus = 8, iterations = 50 } },
  thresholds = { checks = { "rate==1" } } } }
function M.default()
  assert(lock:acquire("30s"))
  local alone = inside:add(1) == 1
  perigee.sleep(0)
  inside:add(-1)
  lock:release()
  perigee.check(alone, { alone = function(value) return value end })
end
return M)lua",
                                               {"--fail-on-errors"});
  INFO(run.err);
  CHECK(run.exit_code == 0);
}

TEST_CASE("VUs on two workers meet at a barrier, one in each place") {
  const ProcessResult run = run_on_two_workers(R"lua(
local sync = require "perigee.sync"
local M = { options = { scenarios = { s = {
  executor = "per-vu-iterations", vus = 6, iterations = 30 } } } }
function M.default()
  local place = sync.barrier("b", 6):wait("30s")
  if place == 1 then sync.counter("rounds"):add(1) end
  sync.counter("places"):add(place)
end
function M.teardown()
  print("rounds " .. sync.counter("rounds"):value() ..
    ", places " .. sync.counter("places"):value())
end
return M)lua",
                                               {"--fail-on-errors"});
  INFO(run.err);
  CHECK(run.exit_code == 0);
  CHECK(run.err.find("rounds 30, places 630") != std::string::npos);
}

TEST_CASE("VUs that wait for what never comes are cut off, and the run ends") {
  const ProcessResult run = run_on_two_workers(R"lua(
local sync = require "perigee.sync"
local M = { options = { scenarios = { s = {
  executor = "constant-vus", vus = 4, duration = "1s", gracefulStop = "0s" } } } }
function M.default() sync.barrier("b", 5):wait() end
return M)lua",
                                               {"--fail-on-errors"});
  INFO(run.err);
  CHECK(run.exit_code == 0);
}

}  // namespace perigee
