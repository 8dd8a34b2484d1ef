// Libraries in pure Lua as Debian packages them: scripts use them unchanged.
#include <filesystem>

#include <doctest/doctest.h>

#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

const std::filesystem::path kFolder = "/usr/share/lua/5.1/";

// Runs an iteration of a script that stands beside the libraries.
void runs(const std::string& source) {
  ScriptFixture fixture(source, {.folder = kFolder.string()});
  const IterationResult result = fixture.iterate();
  CAPTURE(fixture.vu().error());
  CHECK(result == IterationResult::kCompleted);
}

}  // namespace

TEST_CASE("Debian's lua-inspect works unchanged" *
          doctest::skip(!std::filesystem::exists(kFolder / "inspect.lua"))) {
  runs(R"lua(
local inspect = require "inspect"
return { default = function()
  assert(inspect({ 1, a = { b = true } }) == "{ 1,\n  a = {\n    b = true\n  }\n}")
end }
)lua");
}

TEST_CASE("Debian's lua-penlight loads unchanged, but for what needs files and processes" *
          doctest::skip(!std::filesystem::exists(kFolder / "pl/compat.lua"))) {
  runs(R"lua(
for _, name in ipairs {
  "Date", "List", "Map", "MultiMap", "OrderedMap", "Set", "array2d", "class", "compat", "comprehension",
  "config", "data", "func", "import_into", "input", "lexer", "luabalanced", "operator", "permute", "pretty",
  "seq", "sip", "stringio", "stringx", "tablex", "template", "text", "types", "url", "utils", "xml",
} do
  require("pl." .. name)
end
return { default = function() end }
)lua");
}

TEST_CASE("Debian's lua-penlight works unchanged in the VUs' functions" *
          doctest::skip(!std::filesystem::exists(kFolder / "pl/compat.lua"))) {
  runs(R"lua(
local class, List, OrderedMap = require "pl.class", require "pl.List", require "pl.OrderedMap"
local pretty, stringx, tablex = require "pl.pretty", require "pl.stringx", require "pl.tablex"
local template, utils, Set = require "pl.template", require "pl.utils", require "pl.Set"
local seq, xml, func, sip = require "pl.seq", require "pl.xml", require "pl.func", require "pl.sip"
require "pl.operator" -- which others require when they are called first
return { default = function()
  local Point = class()
  function Point:_init(x) self.x = x end
  assert(Point(3).x == 3 and Point:class_of(Point(1)))
  assert(List({ 1, 2, 3 }):map("*", 2):join(",") == "2,4,6")
  local map = OrderedMap()
  map:set("b", 1) map:set("a", 2)
  assert(table.concat(map:keys(), " ") == "b a")
  assert(stringx.split("a b c")[3] == "c" and stringx.strip("  x ") == "x")
  assert(tablex.deepcompare(tablex.map(function(x) return x + 1 end, { 1, 2 }), { 2, 3 }))
  assert(pretty.write({ 1, 2 }, "") == "{1,2}")
  assert(template.substitute("$(x) is $(x + 1)", { x = 1 }) == "1 is 2")
  assert(utils.pack(1, nil, 3).n == 3 and Set { 1, 2 } * Set { 2, 3 } == Set { 2 })
  assert(seq.sum(seq.list { 1, 2, 3 }) == 6 and xml.parse("<a><b>x</b></a>").tag == "a")
  local found = {}
  assert(sip.match("$v{name}=$d{value}", "x=5", found) and found.value == 5)
  assert(func.I(func._1 + 1)(2) == 3)
  -- What it adds to Lua's tables.
  assert(table.pack(1, nil).n == 2 and select("#", table.unpack({ 1, 2 })) == 2)
end }
)lua");
}

}  // namespace perigee
