// What scripts can and cannot reach, and what VUs have of their own.
#include <fstream>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

// Runs the code in an iteration of VU 1; the error it ends with, or "".
std::string error_of(const std::string& code) {
  ScriptFixture fixture(
      "local perigee, http = require 'perigee', require 'perigee.http' "
      "return { default = function()\n" +
      code + "\nend }");
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

bool ends_with_error(const std::string& code, const std::string& message) {
  const std::string error = error_of(code);
  CAPTURE(error);
  return error.find(message) != std::string::npos;
}

}  // namespace

TEST_CASE("VUs do not share globals, locals or modules") {
  const ScratchFolder folder;
  std::ofstream(folder / "counter.lua") << "local n = 0 return function() n = n + 1 return n end";
  ScriptFixture fixture(R"lua(
local count = require "counter"
local mine = 0
seen = 0
return { default = function()
  seen = seen + 1
  mine = mine + 1
  print(("%d: %d %d %d"):format(__VU, seen, mine, count()))
end }
)lua",
                        {.folder = folder / ""});
  for (const uint64_t id : {1U, 1U, 2U, 1U, 2U})
    CHECK(fixture.iterate(id) == IterationResult::kCompleted);
  REQUIRE(fixture.lines().size() == 5);
  for (const auto& [line, text] : {std::pair{0, "1: 1 1 1"},
                                   {1, "1: 2 2 2"},
                                   {2, "2: 1 1 1"},
                                   {3, "1: 3 3 3"},
                                   {4, "2: 2 2 2"}}) {
    CHECK(fixture.lines()[static_cast<size_t>(line)].find(text) != std::string::npos);
  }
}

TEST_CASE("a module that is required twice is one and the same within a VU") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "lib");
  std::ofstream(folder / "lib/state.lua") << "return { name = ... }";
  ScriptFixture fixture(
      "local a, b = require 'lib.state', require 'lib.state'\n"
      "assert(a == b and a.name == 'lib.state')\n"
      "return { default = function() end }",
      {.folder = folder / ""});
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

TEST_CASE("a running script may require again what was required when it was loaded") {
  const ScratchFolder folder;
  std::ofstream(folder / "helper.lua") << "return {}";
  ScriptFixture fixture(R"lua(
local helper, json = require "helper", require "perigee.json"
return { default = function()
  assert(require "helper" == helper and require "perigee.json" == json)
end }
)lua",
                        {.folder = folder / ""});
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

TEST_CASE("a VU may require nothing that was not required when the script was loaded first") {
  const ScratchFolder folder;
  std::ofstream(folder / "helper.lua") << "return {}";
  for (const std::string module : {"helper", "perigee.json"}) {
    const std::string message = "script.lua:1: require \"" + module +
                                "\": it was not required when the script was loaded first";
    CAPTURE(message);
    ScriptFixture running("return { default = function() require '" + module + "' end }",
                          {.folder = folder / ""});
    CHECK(running.iterate() == IterationResult::kFailed);
    CHECK(running.vu().error().starts_with(message));
    ScriptFixture loading(
        "if __VU > 0 then require '" + module + "' end return { default = function() end }",
        {.folder = folder / ""});
    CHECK_THROWS_WITH_AS(loading.vu(), doctest::Contains(message.c_str()), ScriptError);
  }
}

TEST_CASE("globals of code that the script compiles are the VU's own") {
  ScriptFixture fixture(R"lua(
return { default = function()
  loadstring("made = (rawget(_G, 'made') or 0) + __VU")()
  load(function() return nil end)
  print("made " .. made)
end }
)lua");
  for (const uint64_t id : {1U, 2U, 1U})
    CHECK(fixture.iterate(id) == IterationResult::kCompleted);
  CHECK(fixture.lines()[0].find("made 1") != std::string::npos);
  CHECK(fixture.lines()[1].find("made 2") != std::string::npos);
  CHECK(fixture.lines()[2].find("made 2") != std::string::npos);
}

TEST_CASE("what could harm other VUs or the machine is not there") {
  for (const char* name : {"_G.io",
                           "ffi",
                           "jit",
                           "_G.package",
                           "_G.dofile",
                           "_G.loadfile",
                           "setfenv",
                           "getfenv",
                           "newproxy",
                           "os.execute",
                           "os.exit",
                           "os.remove",
                           "os.rename",
                           "os.setlocale",
                           "os.tmpname",
                           "debug.sethook",
                           "debug.getregistry",
                           "debug.setmetatable",
                           "debug.getinfo",
                           "string.dump",
                           "('').dump"}) {
    CAPTURE(name);
    CHECK(error_of("assert(" + std::string(name) + " == nil)") == "");
  }
  CHECK(ends_with_error("require 'ffi'", "modules are loaded at the top of the script"));
  for (const char* name : {"ffi", "io", "jit.opt", "package"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS(ScriptFixture("require '" + std::string(name) + "'"),
                         doctest::Contains("there is no module"), ScriptError);
  }
}

TEST_CASE("Lua's own tables are read-only") {
  CHECK(ends_with_error("string.trim = print", "script.lua:2: the table string is read-only"));
  CHECK(ends_with_error("table.map = print", "the table table is read-only"));
  CHECK(ends_with_error("math.pi = 3", "the table math is read-only"));
  CHECK(error_of("assert(getmetatable('') == false and getmetatable(string) == false)") == "");
  CHECK(ends_with_error("setmetatable(string, {})", "cannot change a protected metatable"));
  CHECK(ends_with_error("setmetatable(_G, {})", "cannot change a protected metatable"));
  CHECK(ends_with_error("collectgarbage('stop')", "scripts may only ask for \"count\""));
  CHECK(error_of("assert(collectgarbage('count') > 0 and ('x'):rep(3) == 'xxx')") == "");
}

TEST_CASE("rawset does not get around that, but reaches the VU's own globals") {
  CHECK(ends_with_error("rawset(string, 'trim', print)",
                        "script.lua:2: rawset: this table is read-only"));
  CHECK(ends_with_error("rawset(http, 'get', print)",
                        "script.lua:2: rawset: this table is read-only"));
  CHECK(error_of("rawset(_G, 'x', 1) assert(x == 1) assert(rawset({}, 1, 2)[1] == 2)") == "");
}

TEST_CASE("a misspelt function is answered with the closest name") {
  CHECK(ends_with_error("perigee.slep(1)",
                        "script.lua:2: there is no perigee.slep (did you mean \"sleep\"?)"));
}

TEST_CASE("open reads any bytes, beside the script, with and without the mode for binary") {
  const ScratchFolder folder;
  std::ofstream(folder / "bytes", std::ios::binary) << std::string("a\0\xff\r\n", 5);
  ScriptFixture fixture(R"lua(
local text, binary = open("bytes"), open("bytes", "b")
assert(text == "a\0\255\r\n" and binary == text)
local ok, message = pcall(open, "bytes", "w")
return { default = function() error(message, 0) end }
)lua",
                        {.folder = folder / ""});
  fixture.iterate();
  CHECK(fixture.vu().error().find("open \"bytes\": the mode is \"b\" (binary) or left out, got "
                                  "\"w\"; files are read only") != std::string::npos);
}

TEST_CASE("a file that was not opened at the first look can't be opened by a VU") {
  const ScratchFolder folder;
  std::ofstream(folder / "all") << "a";
  std::ofstream(folder / "some") << "b";
  ScriptFixture fixture(R"lua(
local all = open("all")
local ok, message = true, ""
if __VU == 2 then ok, message = pcall(open, "some") end
return { default = function() assert(all == "a" and ok, message) end }
)lua",
                        {.folder = folder / ""});
  CHECK(fixture.iterate(1) == IterationResult::kCompleted);
  CHECK(fixture.iterate(2) == IterationResult::kFailed);
  CHECK(fixture.vu(2).error().find("the file was not opened when the script was loaded first, with "
                                   "__VU 0; open every file in every VU, whatever __VU is") !=
        std::string::npos);
}

TEST_CASE("a call that waits suspends the VU from within a coroutine of the script's own, too") {
  ScriptFixture fixture(R"lua(
local perigee = require "perigee"
return { default = function()
  local steps = coroutine.wrap(function(first)
    perigee.sleep(0.001)
    local second = coroutine.yield(first + 1)
    perigee.sleep(0.001)
    return second * 2
  end)
  assert(steps(1) == 2)
  assert(steps(10) == 20)
  local co = coroutine.create(function() perigee.sleep(0.001) error("inner") end)
  local ok, message = coroutine.resume(co)
  assert(not ok and message:find("inner"))
  assert(coroutine.status(co) == "dead")
  print("done")
end }
)lua");
  CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("done"));
}

TEST_CASE("a yield out of the script's function is an error that says so") {
  CHECK(ends_with_error("coroutine.yield(1)",
                        "coroutine.yield was called outside of a coroutine of the script's own"));
}

}  // namespace perigee
