// What scripts print, and how it looks in the log.
#include <doctest/doctest.h>

#include "tests/scripting/http_fixture.h"
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
)lua"));
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told(R"(msg="answer 42 nil true {\"a\":\"x\",\"b\":[1,2]}" source=console)"));
  CHECK(fixture.told("msg=\"\" source=console"));
}

TEST_CASE("console names functions, and shows a table within itself once") {
  ScriptFixture fixture(R"lua(
local http, json = require "perigee.http", require "perigee.json"
return { default = function()
  console.log({ print, string.format, http.get, http.batch, function() end })
  local a = { x = 1, [2] = true }
  a.self, a.list = a, { a, { 1, 2 } }
  console.log(a)
  console.log({ co = coroutine.create(print), null = json.null, f = tostring })
end }
)lua");
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told(R"([\"function: print\",\"function: string.format\",)"
                     R"(\"function: http.get\",\"function: http.batch\",)"
                     R"(\"function: script.lua:4\"])"));
  CHECK(fixture.told(R"({\"2\":true,\"list\":[\"(this table again)\",[1,2]],)"
                     R"(\"self\":\"(this table again)\",\"x\":1})"));
  CHECK(fixture.told(R"({\"co\":\"coroutine\",\"f\":\"function: tostring\",\"null\":null})"));
}

TEST_CASE(
    "console shows of a response what people look for, and no more than the body's beginning") {
  RawServer server({answers({answer("200 OK", "Content-Type: text/plain\r\n", "hello"),
                             answer("503 Service Unavailable", "",
                                    std::string(999, 'x') + "\xc3\xa4" + std::string(199, 'x')),
                             ok(std::string("a\0b", 3))})});
  HttpScript fixture(server, R"lua(
  console.log(http.get(url .. "/a"))
  console.log({ both = { http.get(url .. "/b"), http.get(url .. "/c") } })
  console.log(http.get("http://127.0.0.1:1/"))
)lua");
  REQUIRE(fixture.iterate() == IterationResult::kCompleted);
  CHECK(fixture.told(R"({\"body\":\"hello\",\"headers\":{\"Content-Length\":\"5\",)"
                     R"(\"Content-Type\":\"text/plain\"},\"method\":\"GET\",)"
                     R"(\"proto\":\"HTTP/1.1\",\"status\":200,\"status_text\":\"200 OK\",)"
                     R"(\"timings\":{)"));
  CHECK(fixture.told("xx... (1200 bytes)"));
  CHECK(fixture.told(R"(\"status\":503)"));
  CHECK(fixture.told("(3 bytes that are no text)"));
  CHECK(fixture.told(R"(\"error_code\":12)"));
  CHECK_FALSE(fixture.told("is not UTF-8"));
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
