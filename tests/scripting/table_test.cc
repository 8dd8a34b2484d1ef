// perigee.table as scripts use it, there called tables.
#include <doctest/doctest.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

// The value of an expression as JSON.
std::string json_of(const std::string& expression) {
  return evaluate("json.encode(" + expression + ")");
}

}  // namespace

TEST_CASE("the last table that has a field wins, and none is changed") {
  CHECK(json_of("tables.merge({ a = 1, b = 1 }, nil, { b = 2 }, { c = false })") ==
        R"({"a":1,"b":2,"c":false})");
  CHECK(json_of("tables.merge()") == "{}");
  CHECK(json_of("(function() local a = {} tables.merge(a, { x = 1 }) return a end)()") == "{}");
}

TEST_CASE("lists are mapped and filtered by value and place") {
  CHECK(json_of("tables.map({ 1, 2, 3 }, function(x, i) return x * 10 + i end)") == "[11,22,33]");
  CHECK(json_of("tables.map({ 1, 2, 3 }, function(x) if x ~= 2 then return x end end)") == "[1,3]");
  CHECK(json_of("tables.filter({ 5, 6, 7 }, function(x, i) return x > 5 and i < 3 end)") == "[6]");
}

TEST_CASE("keys are in sorted order, and values in that of their keys") {
  CHECK(json_of("tables.keys({ b = 1, a = 2, [10] = 3, [9] = 4 })") == R"([9,10,"a","b"])");
  CHECK(json_of("tables.values({ b = 1, a = 2, [10] = 3 })") == "[3,2,1]");
  CHECK(json_of("#tables.keys({})") == "0");
}

TEST_CASE("what is no list or function is refused by name") {
  CHECK(evaluate("tables.map('a', print)").find("table.map: list must be a table") !=
        std::string::npos);
  CHECK(evaluate("tables.filter({}, 1)").find("table.filter: f must be a function") !=
        std::string::npos);
}

}  // namespace perigee
