// perigee.data as scripts use it.
#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/scripting/evaluate.h"

namespace perigee {
namespace {

struct DataFixture {
  DataFixture() {
    std::ofstream(folder / "users.csv") << "name,age\nann,30\n\"bob, jr\",25\n\ncy,41\n";
    std::ofstream(folder / "users.json") << R"([{"name":"ann"},{"name":"bob","tags":[]}])";
    std::ofstream(folder / "half.csv") << "a,b;c\n";
    std::ofstream(folder / "words.txt") << "one\ntwo\n";
  }
  std::string value(const std::string& expression, const std::string& array) {
    return evaluate(expression, "local array = " + array, {.folder = folder / ""});
  }

  ScratchFolder folder;
};

constexpr const char* kNumbers = "data.shared('numbers', function() return { 1, 2, 3 } end)";

// The message of a script that does not load.
std::string load_error(const std::string& array, const std::string& folder) {
  try {
    evaluate("1", "local array = " + array, {.folder = folder});
  } catch (const ScriptError& error) {
    const std::string message = error.what();
    return message.substr(0, message.find("\nstack traceback:"));
  }
  return "no error";
}

}  // namespace

TEST_CASE_FIXTURE(DataFixture, "a shared array is read by position, length and iteration") {
  CHECK(value("#array", kNumbers) == "3");
  CHECK(value("array:length()", kNumbers) == "3");
  CHECK(value("array[1] .. array[3]", kNumbers) == "13");
  for (const char* position : {"0", "4", "-1", "1.5", "1e300"})
    CHECK(value("array[" + std::string(position) + "]", kNumbers) == "nil");
  CHECK(value("(function() local t = {} for i, n in array:items() do t[i] = n * 2 end "
              "return table.concat(t, ' ') end)()",
              kNumbers) == "2 4 6");
}

TEST_CASE_FIXTURE(DataFixture, "elements of a JSON file are Lua values, a copy at each read") {
  CHECK(value("array[2].name", "data.json('users.json')") == "bob");
  CHECK(value("json.encode(array[2])", "data.json('users.json')") == R"({"name":"bob","tags":[]})");
  CHECK(value("(function() array[1].name = 'x' return array[1].name end)()",
              "data.json('users.json')") == "ann");
}

TEST_CASE_FIXTURE(DataFixture, "CSV rows are lists, or tables by the names in the first row") {
  CHECK(value("#array .. array[1][2] .. array[3][1]", "data.csv('users.csv')") == "4agebob, jr");
  CHECK(value("#array .. array[2].name .. array[3].age",
              "data.csv('users.csv', { asObjects = true })") == "3bob, jr41");
  CHECK(value("#array .. array[1][1]", "data.csv('users.csv', { skipFirstLine = true })") ==
        "3ann");
  CHECK(value("#array .. array[1][1]", "data.csv('users.csv', { fromLine = 2 })") == "2bob, jr");
  CHECK(value("#array .. array[2][1]", "data.csv('users.csv', { fromLine = 1, toLine = 2 })") ==
        "2bob, jr");
  CHECK(value("#array", "data.csv('users.csv', { fromLine = 9 })") == "0");
  CHECK(value("array[1][1]", "data.csv('half.csv', { delimiter = ';' })") == "a,b");
}

TEST_CASE_FIXTURE(DataFixture, "lines of a file are strings") {
  CHECK(value("#array .. array[1] .. array[2]", "data.lines('words.txt')") == "2onetwo");
}

TEST_CASE_FIXTURE(DataFixture, "a function is called once for all VUs") {
  ScriptFixture fixture(R"lua(
local data = require "perigee.data"
local calls = 0
local array = data.shared("calls", function() calls = calls + 1 print("called") return { 7 } end)
return { default = function() print(__VU .. ":" .. array[1] .. ":" .. calls) end }
)lua");
  fixture.iterate(1);
  fixture.iterate(2);
  CHECK(fixture.told("1:7:0"));
  CHECK(fixture.told("2:7:0"));
  CHECK(std::count_if(fixture.lines().begin(), fixture.lines().end(), [](const std::string& line) {
          return line.find("called") != std::string::npos;
        }) == 1);
}

TEST_CASE_FIXTURE(DataFixture, "next hands each element to one VU, cycle begins anew") {
  ScriptFixture fixture(R"lua(
local data = require "perigee.data"
local once = data.shared("once", function() return { "a", "b", "c" } end)
local again = data.shared("again", function() return { "x", "y" } end)
return { default = function() print(__VU .. tostring(once:next()) .. again:cycle()) end }
)lua");
  for (const uint64_t id : {1U, 2U, 1U, 2U})
    fixture.iterate(id);
  for (const char* line : {"1ax", "2by", "1cx", "2nily"})
    CHECK(fixture.told(line));
}

TEST_CASE_FIXTURE(DataFixture, "at begins anew beyond the last element") {
  CHECK(value("array:at(1) .. array:at(4) .. array:at(6)", kNumbers) == "113");
  CHECK(value("array:at(1)", "data.shared('none', function() return {} end)") == "nil");
  CHECK(value("array:cycle()", "data.shared('none', function() return {} end)") == "nil");
  CHECK(value("array:at(0)", kNumbers) ==
        "script.lua:5: array:at: positions are whole numbers from 1, got 0");
}

TEST_CASE_FIXTURE(DataFixture, "a shared array can't be changed, and names its methods") {
  CHECK(value("(function() array[1] = 5 end)()", kNumbers) ==
        "script.lua:5: a shared array can't be changed: all VUs read it (copy what you change into "
        "a local)");
  CHECK(
      value("array.size", kNumbers)
          .find("script.lua:5: a shared array has no field \"size\"; there are array[i], #array") ==
      0);
}

TEST_CASE_FIXTURE(DataFixture, "what can't be shared is refused while the script is loaded") {
  const auto error = [&](const std::string& array) { return load_error(array, folder / ""); };
  CHECK(error("data.shared('n', function() return 5 end)") ==
        "script.lua:4: data.shared \"n\": its function must return a list, got a number");
  CHECK(error("data.shared('n', function() error('broken') end)") == "script.lua:4: broken");
  CHECK(
      error("data.shared('n', 5)").find("data.shared: make must be a function, got the number 5") !=
      std::string::npos);
  CHECK(
      error("data.json('nowhere.json')") ==
      "script.lua:4: data.json: cannot read nowhere.json: No such file or directory; looked for " +
          (folder / "nowhere.json") + ", nowhere.json");
  CHECK(error("data.csv('users.csv', { asObject = true })") ==
        "script.lua:4: data.csv: there is no option of csv \"asObject\" (did you mean "
        "\"asObjects\"?); there "
        "are delimiter, asObjects, skipFirstLine, fromLine, toLine");
  CHECK(error("data.csv('users.csv', { delimiter = ';;' })") ==
        "script.lua:4: data.csv: delimiter must be one character");
  CHECK(error("data.csv('users.csv', { fromLine = -1 })") ==
        "script.lua:4: data.csv: fromLine must be a whole number from 0");
  CHECK(
      error("data.csv('users.csv', { asObjects = true, skipFirstLine = true })") ==
      "script.lua:4: data.csv: asObjects and skipFirstLine exclude each other: the first line has "
      "the names");
  std::ofstream(folder / "bad.csv") << "a,b\nc\n";
  CHECK(error("data.csv('bad.csv')") ==
        "script.lua:4: data.csv: " + folder / "bad.csv" +
            ":2: 1 fields, but the first row has 2 (delimiter: \",\")");
}

TEST_CASE_FIXTURE(DataFixture, "shared arrays are made at the top of the script, in every VU") {
  CHECK(value("data.shared('late', function() return {} end)", "nil") ==
        "script.lua:5: data.shared \"late\": shared arrays are made at the top of the script, not "
        "while it runs");
  ScriptFixture fixture(R"lua(
local data = require "perigee.data"
if __VU > 0 then data.lines("/dev/null") end
return { default = function() end }
)lua");
  CHECK_THROWS_WITH_AS(fixture.vu(1),
                       doctest::Contains("was not called when the script was loaded first"),
                       ScriptError);
  CHECK(load_error("data.shared('n', function() return {} end):next()", "")
            .find("array:next can't be called while the script is loading") != std::string::npos);
}

}  // namespace perigee
