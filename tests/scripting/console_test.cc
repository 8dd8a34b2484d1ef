// What scripts print, and how it looks in the log.
#include <doctest/doctest.h>

#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

std::string script(const std::string& body) {
  return "return { default = function()\n" + body + "\nend }";
}

}  // namespace

TEST_CASE("console has k6's functions, each with its level") {
  ScriptFixture fixture(script(R"lua(
  console.log("a") console.info("b") console.debug("c") console.warn("d") console.error("e")
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("level=info msg=a source=console"));
  CHECK(fixture.told("level=info msg=b source=console"));
  CHECK(fixture.told("level=debug msg=c source=console"));
  CHECK(fixture.told("level=warning msg=d source=console"));
  CHECK(fixture.told("level=error msg=e source=console"));
}

TEST_CASE("console separates by spaces and writes tables as JSON") {
  ScriptFixture fixture(script(R"lua(
  console.log("answer", 42, nil, true, { b = { 1, 2 }, a = "x" })
  console.log()
  console.log({ print })
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told(R"(msg="answer 42 nil true {\"a\":\"x\",\"b\":[1,2]}" source=console)"));
  CHECK(fixture.told("msg=\"\" source=console"));
  // A function has no JSON: the table is told as Lua tells it.
  CHECK(fixture.told("msg=\"table: 0x"));
}

TEST_CASE("what is no number is printed as NaN, in tables as well") {
  ScriptFixture fixture(script(R"lua(
  local none = 0 / 0
  print("print", none, -none, tostring(none))
  console.log("console", none, -none, { none, a = nil })
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("msg=\"print\\tNaN\\tNaN\\tNaN\""));
  CHECK(fixture.told("msg=\"console NaN NaN [NaN]\""));
}

TEST_CASE("a table with bytes that are not UTF-8 is JSON, with a warning") {
  ScriptFixture fixture(script(R"lua(console.log({ "caf\233" }))lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("[\\\"caf\xef\xbf\xbd\\\"]"));
  CHECK(fixture.told("console: the string \\\"caf\\\\xe9\\\" is not UTF-8"));
}

TEST_CASE("print is Lua's, with tabs between the arguments") {
  ScriptFixture fixture(script(R"lua(print("a", 1, {}))lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told("msg=\"a\\t1\\ttable: 0x"));
}

TEST_CASE("console is the same for all VUs and can't be changed") {
  ScriptFixture fixture(script("console.log = print"));
  CHECK(fixture.iterate() == IterationResult::kFailed);
  CHECK(fixture.told("script.lua:2: the module console is read-only"));
  ScriptFixture misspelt(script("console.wran('x')"));
  CHECK(misspelt.iterate() == IterationResult::kFailed);
  CHECK(misspelt.told("there is no console.wran (did you mean \\\"warn\\\"?)"));
}

}  // namespace perigee
