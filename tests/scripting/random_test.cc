// perigee.random as scripts use it.
#include <cmath>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

// What a Lua function body with the seed 42 returns.
std::string seeded(const std::string& body) {
  return evaluate("(function() random.seed(42) " + body + " end)()");
}

// The mean of many draws, and of the squares of their distances from it.
struct Moments {
  double mean;
  double variance;
};

Moments moments(const std::string& draw) {
  const std::string text =
      seeded("local n, sum, squares = 20000, 0, 0 for _ = 1, n do local x = " + draw +
             " sum = sum + x squares = squares + x * x end local mean = sum / n "
             "return mean .. ' ' .. squares / n - mean * mean");
  CAPTURE(text);
  const size_t space = text.find(' ');
  REQUIRE(space != std::string::npos);
  return {std::stod(text), std::stod(text.substr(space))};
}

}  // namespace

TEST_CASE("a seed makes a VU's choices repeat themselves") {
  const std::string draw =
      "return random.string(8) .. random.integer(1, 1000) .. random.uuid() .. random.normal()";
  CHECK(seeded(draw) == seeded(draw));
  CHECK(evaluate("(function() random.seed(1) local a = random.float() random.seed(1) "
                 "return a == random.float() end)()") == "true");
  CHECK(evaluate("(function() random.seed(1) local a = random.float() random.seed(2) "
                 "return a == random.float() end)()") == "false");
}

TEST_CASE("VUs without a seed draw different numbers, and a seed is the VU's own") {
  ScriptFixture fixture(R"lua(
local random = require "perigee.random"
local seen = {}
return { default = function()
  if __VU == 1 and __ITER == 0 then random.seed(5) end
  print(__VU .. " drew " .. random.integer(1, 2^52))
end }
)lua");
  for (const uint64_t id : {1U, 2U, 3U, 1U})
    fixture.iterate(id);
  std::vector<std::string> drawn;
  for (const std::string& line : fixture.lines())
    drawn.push_back(line.substr(line.find("drew ")));
  REQUIRE(drawn.size() == 4);
  CHECK(drawn[0] != drawn[1]);
  CHECK(drawn[1] != drawn[2]);
  CHECK(drawn[0] != drawn[3]);
}

TEST_CASE("integers include both ends, floats lie below the upper one") {
  CHECK(seeded("local t = {} for _ = 1, 200 do t[random.integer(-1, 1)] = true end "
               "return tostring(t[-1]) .. tostring(t[0]) .. tostring(t[1]) .. tostring(t[2])") ==
        "truetruetruenil");
  CHECK(seeded("return random.integer(7, 7)") == "7");
  CHECK(seeded("for _ = 1, 1000 do local x = random.float(2, 3) if x < 2 or x >= 3 then return x "
               "end end return 'all within'") == "all within");
  CHECK(seeded("return random.integer(-2^53, 2^53) ~= random.integer(-2^53, 2^53)") == "true");
}

TEST_CASE("distributions have their mean and their variance") {
  const struct {
    const char* draw;
    double mean;
    double variance;
  } known[] = {
      {"random.float()", 0.5, 1.0 / 12},
      {"random.float(10, 20)", 15, 100.0 / 12},
      {"random.integer(1, 6)", 3.5, 35.0 / 12},
      {"random.normal()", 0, 1},
      {"random.normal(50, 5)", 50, 25},
      {"random.exponential(4)", 4, 16},
      {"random.poisson(3)", 3, 3},
      {"random.poisson(1000)", 1000, 1000},
      {"math.log(random.lognormal(2, 0.5))", 2, 0.25},
      {"random.pareto(5)", 1.25, 5.0 / 48},
      {"random.pareto(5, 10)", 12.5, 500.0 / 48},
      // The harmonic number of 10 is 2.92896825.
      {"random.zipf(10)", 10 / 2.92896825, 55 / 2.92896825 - 11.65659},
      {"random.zipf(2, 3)", 10.0 / 9, 8.0 / 81},
      {"random.zipf(1)", 1, 0},
  };
  for (const auto& distribution : known) {
    CAPTURE(distribution.draw);
    const Moments found = moments(distribution.draw);
    const double deviation = std::sqrt(distribution.variance);
    CHECK(std::fabs(found.mean - distribution.mean) <= 0.035 * deviation);
    CHECK(found.variance == doctest::Approx(distribution.variance).epsilon(0.1));
  }
}

TEST_CASE("a rank of many comes up in proportion to its power") {
  CHECK(seeded("local n = 0 for _ = 1, 20000 do local k = random.zipf(1e15, 2) "
               "if k < 1 or k > 1e15 or k ~= math.floor(k) then return k end "
               "if k == 1 then n = n + 1 end end "
               // 6 / pi^2 of all
               "return math.abs(n / 20000 - 0.6079) < 0.015") == "true");
}

TEST_CASE("strings are made of the characters given") {
  CHECK(seeded("return #random.string(20)") == "20");
  CHECK(seeded("return random.string(50):match('^[a-z]+$') ~= nil") == "true");
  CHECK(seeded("return random.string(50, '01'):match('^[01]+$') ~= nil") == "true");
  CHECK(seeded("return random.string(0)") == "");
}

TEST_CASE("uuids are of version 4 and differ") {
  CHECK(seeded("return random.uuid():match('^%x%x%x%x%x%x%x%x%-%x%x%x%x%-4%x%x%x%-[89ab]%x%x%x%-"
               "%x%x%x%x%x%x%x%x%x%x%x%x$') ~= nil") == "true");
  CHECK(seeded("return random.uuid() == random.uuid()") == "false");
}

TEST_CASE("an item of a list or of a shared array is chosen") {
  CHECK(seeded("local t = {} for _ = 1, 100 do t[random.item({ 'a', 'b' })] = true end "
               "return tostring(t.a) .. tostring(t.b)") == "truetrue");
  CHECK(evaluate("random.item(array)",
                 "local array = data.shared('one', function() return { 'only' } end)") == "only");
}

TEST_CASE("weighted choices come up in proportion to their weights") {
  for (const char* choices :
       {"{ { 'a', 1 }, { 'b', 3 }, { 'c', 0 } }", "{ a = 1, b = 3, c = 0 }"}) {
    CHECK(seeded(fmt::format("local n = {{ a = 0, b = 0, c = 0 }} for _ = 1, 10000 do "
                             "local k = random.weighted({}) n[k] = n[k] + 1 end "
                             "return n.c == 0 and math.abs(n.b / 10000 - 0.75) < 0.02",
                             choices)) == "true");
  }
  CHECK(seeded("return random.weighted({ { { model = 'iris' }, 2 } }).model") == "iris");
}

TEST_CASE("a shuffled list has the same items; the one given stays as it is") {
  CHECK(
      seeded("local list = {} for i = 1, 50 do list[i] = i end local other = random.shuffle(list) "
             "local moved = 0 for i = 1, 50 do if list[i] ~= i then return 'changed' end "
             "if other[i] ~= i then moved = moved + 1 end end table.sort(other) "
             "for i = 1, 50 do if other[i] ~= i then return 'lost' end end "
             "return #other == 50 and moved > 30") == "true");
  CHECK(seeded("local first = {} for _ = 1, 3000 do local i = random.shuffle({ 1, 2, 3 })[1] "
               "first[i] = (first[i] or 0) + 1 end for i = 1, 3 do "
               "if math.abs(first[i] - 1000) > 150 then return first[i] end end return 'even'") ==
        "even");
  CHECK(seeded("return #random.shuffle({})") == "0");
}

TEST_CASE("what can't be drawn is refused with a reason") {
  const std::pair<const char*, const char*> wrong[] = {
      {"random.integer(2, 1)",
       "random.integer: the greatest number must be at least the least, got 1"},
      {"random.integer(1.5, 2)",
       "random.integer: the least number must be a whole number, got 1.5"},
      {"random.integer(1, 2^60)",
       "random.integer: the greatest number must be a whole number, got 1152921504606846976"},
      {"random.float(0/0, 1)", "random.float: the least number must be a finite number, got NaN"},
      {"random.normal(0, -1)", "random.normal: the deviation must be more than 0, got -1"},
      {"random.exponential(0)", "random.exponential: the mean must be more than 0, got 0"},
      {"random.poisson(1e12)", "random.poisson: the mean must be at most 1e9, got 1000000000000"},
      {"random.zipf(0)", "random.zipf: the number of ranks must be at least 1, got 0"},
      {"random.pareto(0)", "random.pareto: the shape must be more than 0, got 0"},
      {"random.seed(0.5)", "random.seed: the seed must be a whole number, got 0.5"},
      {"random.string(-1)", "random.string: the length must be a whole number up to"},
      {"random.string(3, '')", "random.string: there are no characters to choose from"},
      {"random.item({})", "random.item: the list is empty"},
      {"random.item({ a = 1 })",
       "random.item: wants a list, got a table whose elements have other"},
      {"random.shuffle({ a = 1 })",
       "random.shuffle: wants a list, got a table whose elements have"},
      {"random.item(5)", "random.item: list must be a list, got the number 5"},
      {"random.weighted({})", "random.weighted: no weight is more than 0"},
      {"random.weighted({ a = -1 })", "random.weighted: a weight must be a number from 0"},
      {"random.weighted({ 'a' })", "random.weighted: wants pairs { item, weight }"},
      {"random.weighted({ [true] = 1 })", "random.weighted: names must be strings"},
  };
  for (const auto& [call, message] : wrong) {
    const std::string error = evaluate(call);
    CAPTURE(error);
    CHECK(error.find(std::string("script.lua:5: ") + message) == 0);
  }
}

}  // namespace perigee
