// Scripts that never wait are stopped, interpreted or compiled, and the VU goes on afterwards.
#include "scripting/watchdog.h"

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/support/script_fixture.h"
#include "tests/support/thread_sanitizer.h"

namespace perigee {
namespace {

constexpr std::chrono::milliseconds kLimit{50};

struct EndlessLoop {
  const char* what;
  const char* code;
};

// Warmed up, so that what can be compiled is.
const EndlessLoop kLoops[] = {
    {"an empty loop", "while true do end"},
    {"arithmetic", "local n = 0 while true do n = n + 1 end"},
    {"a for loop without end", "for i = 1, math.huge do local _ = i * 2 end"},
    {"repeat", "local n = 0 repeat n = n + 1 until n < 0"},
    {"goto", "::again:: goto again"},
    {"calls of Lua functions",
     "local function f(x) return x + 1 end local n = 0 while true do n = "
     "f(n) end"},
    {"calls of C functions", "while true do string.rep('x', 10):find('y', 1, true) end"},
    {"tables", "local t = {} while true do t[#t % 100 + 1] = {} end"},
    {"a metamethod",
     "local t, n = setmetatable({}, { __index = function() return 1 end }), 0 while true do n = n "
     "+ t.x end"},
    {"tail calls", "local function f(n) return f(n + 1) end f(0)"},
    {"pcall around each step",
     "while true do pcall(function() local n = 0 for i = 1, 100 do n = n "
     "+ i end end) end"},
    {"pcall around the loop", "while true do pcall(function() while true do end end) end"},
    {"a coroutine of the script's own", "coroutine.wrap(function() while true do end end)()"}};

std::string script(const std::string& code) {
  return "return { default = function()\n  if __ITER % 2 == 1 then return end\n  " + code +
         "\nend }";
}

}  // namespace

TEST_CASE("every kind of endless loop is stopped at its line and the VU goes on" *
          doctest::skip(kSignalsComeLate)) {
  for (const bool jit : {true, false}) {
    for (const EndlessLoop& loop : kLoops) {
      CAPTURE(std::string(loop.what));
      CAPTURE(jit);
      ScriptFixture fixture(script(loop.code), {.no_yield_limit = kLimit, .jit = jit});
      for (int round = 0; round < 2; ++round) {
        CHECK(fixture.iterate() == IterationResult::kFailed);
        CHECK(fixture.vu().error().find("stopped: the script ran too long without waiting for "
                                        "anything (an endless loop?)") != std::string::npos);
        CHECK(fixture.vu().error().find("script.lua:3") != std::string::npos);
        CHECK(fixture.iterate() == IterationResult::kCompleted);
      }
    }
  }
}

TEST_CASE("an endless loop in the main chunk is stopped" * doctest::skip(kSignalsComeLate)) {
  CHECK_THROWS_WITH_AS(ScriptFixture("\nwhile true do end", {.no_yield_limit = kLimit}),
                       doctest::Contains("script.lua:2: stopped"), ScriptError);
}

TEST_CASE("the compiler works after a loop was stopped" * doctest::skip(kSignalsComeLate)) {
  ScriptFixture fixture(R"lua(
local n = 0
return { default = function()
  if __ITER == 0 then while true do n = n + 1 end end
  local sum = 0
  for i = 1, 1000000 do sum = sum + i % 7 end
  print("sum " .. sum)
end }
)lua",
                        {.no_yield_limit = kLimit});
  CHECK(fixture.iterate() == IterationResult::kFailed);
  for (int i = 0; i < 3; ++i)
    CHECK(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("sum 2999998"));
}

TEST_CASE("a script that waits now and then is left alone") {
  ScriptFixture fixture(
      "local perigee = require 'perigee'\n"
      "return { default = function() for _ = 1, 8 do perigee.sleep(0.02) end end }",
      {.no_yield_limit = kLimit});
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

}  // namespace perigee
