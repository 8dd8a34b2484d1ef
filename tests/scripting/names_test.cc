// Names that nobody has defined: what reading and setting one says, and where they are nil.
#include <fstream>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/base/config_error.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

// The code begins in line 4, in a function of VU 1 whose file has a local `token` in another block;
// the error it ends with, or "".
std::string error_of(const std::string& code, bool jit = true) {
  ScriptFixture fixture(
      "local http = require 'perigee.http'\n"
      "do local token = 'secret' assert(token) end\n"
      "return { default = function()\n" +
          code + "\nend }",
      {.jit = jit});
  return fixture.iterate() == IterationResult::kFailed ? fixture.vu().error() : "";
}

// The same for a file that a script requires, and whose main part the code is.
std::string library_error(const std::string& code) {
  const ScratchFolder folder;
  std::ofstream(folder / "library.lua") << code;
  try {
    const ScriptFixture fixture("require 'library' return { default = function() end }",
                                {.folder = folder / ""});
    return "";
  } catch (const ScriptError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("reading a name that nobody has defined is an error with its line and the closest name") {
  const std::pair<const char*, const char*> kCases[] = {
      {"http.get('no URL', { headers = { A = tokn } })",
       "there is no variable \"tokn\" (did you mean \"token\"?)"},
      {"return token", "there is no variable \"token\" here: the local of this name is in another"},
      {"Print('x')", "there is no variable \"Print\" (did you mean \"print\"?)"},
      {"local x = unheard_of", "there is no variable \"unheard_of\""},
      {"unheard_of()", "there is no variable \"unheard_of\""},
      {"unheard_of.x = 1", "there is no variable \"unheard_of\""},
      {"counter = (counter or 0) + 1", "there is no variable \"counter\""},
      {"json.encode({})",
       "there is no variable \"json\" here, write at the top of the file: local "
       "json = require \"perigee.json\""},
      {"perigee.sleep(1)", "local perigee = require \"perigee\""},
      {"loadstring('return unheard_of')()", "there is no variable \"unheard_of\""},
  };
  for (const bool jit : {true, false}) {
    for (const auto& expected : kCases) {
      const std::string error = error_of(expected.first, jit);
      CAPTURE(error);
      CHECK(error.find(expected.second) != std::string::npos);
    }
    CHECK(error_of("\n\nreturn tokn", jit).starts_with("script.lua:6: there is no variable"));
  }
}

TEST_CASE("a name of JavaScript, of k6 or of Lua's libraries is an error with what to write") {
  for (const auto& expected : {std::pair{"Promise", "http.race for Promise.race"},
                               {"null", "json.null"},
                               {"undefined", "nil"},
                               {"JSON", "json.encode"},
                               {"Math", "math.floor"},
                               {"Date", "perigee.now()"},
                               {"setTimeout", "perigee.sleep"},
                               {"fetch", "http.get"},
                               {"continue", "goto continue"},
                               {"package", "require finds modules"},
                               {"io", "open(path) reads a file"},
                               {"dofile", "require"},
                               {"check", "perigee.check"},
                               {"sleep", "perigee.sleep"},
                               {"SharedArray", "data.shared"},
                               {"Trend", "metrics.trend"},
                               {"parseInt", "tonumber"}}) {
    const std::string name = expected.first;
    CAPTURE(name);
    for (const char* use : {"local x = {}", "print({})", "return {}.x", "{}(1)"}) {
      std::string code = use;
      code.replace(code.find("{}"), 2, name);
      const std::string error = error_of(code);
      CAPTURE(error);
      CHECK(error.starts_with(fmt::format("script.lua:4: there is no \"{}\" here, write: ", name)));
      CHECK(error.find(expected.second) != std::string::npos);
    }
  }
}

TEST_CASE("setting a new global in a function is an error, in a file's main part it is none") {
  const std::string error = error_of("counter = 1");
  CAPTURE(error);
  CHECK(error.starts_with("script.lua:4: the global \"counter\" was set by no file's main part"));
  CHECK(error.find("write local counter = ...") != std::string::npos);
  CHECK(error_of("function helper() end").find("the global \"helper\"") != std::string::npos);
  ScriptFixture fixture(R"lua(
limit, late, only_first = 1, nil, __VU == 1 and 1 or nil
base = base or "x"
function helper() return limit end
return { default = function()
  assert(helper() == 1 and late == nil and base == "x")
  limit, late = 2, "set"
  assert(helper() == 2 and late == "set")
  limit = nil
  assert(limit == nil and only_first == (__VU == 1 and 1 or nil))
end }
)lua");
  for (const uint64_t id : {1U, 2U})
    CHECK(fixture.iterate(id) == IterationResult::kCompleted);
}

TEST_CASE("who asks the table of globals gets nil, also in a line that reads the name itself") {
  for (const char* code :
       {"assert(_G.unheard_of == nil)", "assert(rawget(_G, 'unheard_of') == nil)",
        "assert(_G['unheard_of'] == nil)", "local name = 'unheard_of' assert(_G[name] == nil)",
        "local x = _G.unheard_of or unheard_of == nil and 1", "assert(_G.io == nil)",
        "for i = 1, 200 do assert(_G.unheard_of == nil) end",
        "rawset(_G, 'made', 1) assert(made == 1)", "_G.made = 1 assert(made == 1)",
        "local name = 'made' _G[name] = 1 assert(made == 1)",
        "local t = setmetatable({}, { __index = _G }) assert(t.unheard_of == nil)"}) {
    CAPTURE(code);
    const std::string error = error_of(code);
    CAPTURE(error);
    // The second read of a line is one of the name itself.
    const bool reads_both = std::string(code).find("or unheard_of") != std::string::npos;
    CHECK(error.empty() != reads_both);
  }
}

TEST_CASE("a name is missed in compiled loops, coroutines and calls that are protected as well") {
  CHECK(error_of("for i = 1, 300 do if i > 250 then print(tokn) end end").find("tokn") !=
        std::string::npos);
  CHECK(error_of("coroutine.wrap(function() return tokn end)()").find("tokn") != std::string::npos);
  CHECK(error_of("local ok, message = pcall(function() return tokn end) "
                 "assert(not ok) error(message, 0)")
            .starts_with("script.lua:4: there is no variable \"tokn\""));
}

TEST_CASE("what libraries look for of other versions of Lua is nil, in every file") {
  for (const char* name :
       {"utf8", "bit32", "jit", "ffi", "setfenv", "getfenv", "module", "rawlen", "newproxy", "warn",
        "_ENV", "table.unpack", "table.pack", "string.pack", "math.type", "debug.getinfo"}) {
    CAPTURE(name);
    CHECK(error_of(fmt::format("assert({} == nil)", name)) == "");
    CHECK(library_error(fmt::format("local x = {} assert(x == nil)", name)) == "");
  }
}

TEST_CASE("a library may look for Lua's files and packages, and write lines") {
  for (const char* code :
       {"local loadfile = loadfile assert(loadfile == nil)", "local lines = _G.io and _G.io.lines",
        "local separator = _G.package.config:sub(1, 1) assert(separator == '/')",
        "local io, debug = io, require 'debug' assert(debug.traceback and debug.sethook == nil)",
        "assert(require 'string' == string and package.loaded.string == nil)"}) {
    CAPTURE(code);
    CHECK(library_error(code) == "");
  }
  for (const auto& [code, message] :
       {std::pair{"io.open('x')", "io.open is not available: open(path) reads a file"},
        {"dofile('x')", "there is no \"dofile\" here, write: require runs a file"},
        {"package.path = 'lib/?.lua;' .. package.path",
         "package can't be changed: require finds modules beside the script"},
        {"io.stdin:read()", "io.stdin:read is not available"}}) {
    const std::string error = library_error(code);
    CAPTURE(error);
    CHECK(error.find("library.lua:1: ") != std::string::npos);
    CHECK(error.find(message) != std::string::npos);
  }
}

TEST_CASE("what a library writes is a line of the log") {
  const ScratchFolder folder;
  std::ofstream(folder / "library.lua")
      << "io.write('a', 1, '\\n') io.stderr:write('b'):write('c')";
  const ScriptFixture fixture("require 'library' return { default = function() end }",
                              {.folder = folder / ""});
  CHECK(fixture.told("msg=a1 source=console"));
  CHECK(fixture.told("msg=b source=console"));
  CHECK(fixture.told("msg=c source=console"));
}

}  // namespace perigee
