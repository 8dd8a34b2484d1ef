// What a look through the compiled functions of a script finds before anything runs.
#include <algorithm>
#include <fstream>

#include <doctest/doctest.h>

#include "tests/engine/output/scratch_folder.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

// The faults of a script, one a line; those of modules' fields have a dot before them.
std::string faults_of(const std::string& script, const std::string& folder = {}) {
  ScriptFixture fixture(script, {.folder = folder});
  fixture.host().describe();
  std::string lines;
  for (const NameFault& fault : fixture.host().name_faults())
    lines += (fault.is_name ? "" : ".") + fault.text + "\n";
  return lines;
}

}  // namespace

TEST_CASE("names that are nowhere defined are found in functions that nobody has called") {
  CHECK(faults_of(R"lua(local http = require "perigee.http"
local M, token = {}, "secret"
function M.default()
  local answer = http.get("http://a/", { headers = { Authorization = tokn } })
  if answer.status ~= 200 then
    return function() return JSON.parse(answer.body), token end
  end
  if never then counter = 1 end
end
return M)lua") ==
        "script.lua:4: there is no variable \"tokn\" (did you mean \"token\"?)\n"
        "script.lua:6: there is no \"JSON\" here, write: json.encode and json.decode, with local "
        "json = require \"perigee.json\"\n"
        "script.lua:8: the global \"counter\" was set by no file's main part: write local counter "
        "= ... (or rawset(_G, \"counter\", ...) if it is meant to be one)\n"
        "script.lua:8: there is no variable \"never\"\n");
}

TEST_CASE("misspelt fields of modules are found with the closest name, in every file") {
  const ScratchFolder folder;
  std::ofstream(folder / "helper.lua") << "local json, websocket = require('perigee.json'), "
                                          "require 'perigee.websocket'\n"
                                          "return function() json.encod(websocket.conect) end";
  const std::string faults = faults_of(R"lua(local helper = require "helper"
local api = require "perigee.http"
local perigee, metrics = require "perigee", require "perigee.metrics"
return { default = function()
  api.gett("http://a/")
  console.lgo(perigee.slep, metrics.counter, helper.anything)
end })lua",
                                       folder / "");
  CAPTURE(faults);
  const std::string helper = folder / "helper.lua";
  CHECK(faults == "." + helper + ":2: there is no perigee.json.encod (did you mean \"encode\"?)\n" +
                      "." + helper +
                      ":2: there is no perigee.websocket.conect (did you mean \"connect\"?)\n"
                      ".script.lua:5: there is no perigee.http.gett (did you mean \"get\"?)\n"
                      ".script.lua:6: there is no console.lgo (did you mean \"log\"?)\n"
                      ".script.lua:6: there is no perigee.slep (did you mean \"sleep\"?)\n");
}

TEST_CASE(
    "misspelt fields of the tables within a module are found, and those of a run are not read") {
  CHECK(faults_of(R"lua(local execution = require "perigee.execution"
return { default = function()
  local id, name = execution.vu.id_in_test, execution.scenario.name
  if execution.vu.id_in_tset then execution.test.abrt(name) end
  execution.test.abort(execution.vu.tags.anything, id)
end })lua") ==
        ".script.lua:4: there is no execution.test.abrt (did you mean \"abort\"?); there are "
        "abort, fail, options\n"
        ".script.lua:4: there is no execution.vu.id_in_tset (did you mean \"id_in_test\"?); there "
        "are id_in_instance, id_in_test, iteration_in_instance, iteration_in_scenario, metrics, "
        "tags\n");
}

TEST_CASE("what a script defines in any way, and what libraries look for, is no fault") {
  CHECK(faults_of(R"lua(local http = require "perigee.http"
for _, name in ipairs { "one", "two" } do _G[name] = 1 end
three = nil
function helper() return one + two, three end
local function give() rawset(_G, "four", 4) _G.five = 5 end
return { default = function()
  give()
  helper(four, five, utf8, setfenv, bit32, table.unpack, _G.six, rawget(_G, "seven"))
  local function shadowed(http) return http.anything end
  shadowed({ anything = __ENV.X, __VU, __ITER })
end })lua") == "");
}

TEST_CASE("a local that may hold something else than a module is not looked at") {
  CHECK(faults_of(R"lua(local http = require "perigee.http"
return { default = function()
  local http = { own = 1 }
  return function() return http.own end
end })lua") == "");
}

}  // namespace perigee
