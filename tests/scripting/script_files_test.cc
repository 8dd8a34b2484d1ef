// Where `require`, `open` and perigee.data look, by scripts in several folders.
#include "scripting/script_files.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "engine/base/config_error.h"
#include "scripting/lua_state.h"
#include "tests/engine/output/scratch_folder.h"
#include "tests/support/script_fixture.h"

namespace perigee {
namespace {

// A project as people who come from k6 have it: the script in tests/, what it shares in lib/.
struct Project {
  Project() {
    write("lib/helper.lua", "local names = require './names' return { name = names.first }");
    write("lib/names.lua", "return { first = 'helper' }");
  }

  void write(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(folder / path).parent_path());
    std::ofstream(folder / path) << text;
  }
  // The script's code is run at its top; its message if that fails, without the project's folder.
  std::string error_of(const std::string& code) const {
    try {
      ScriptFixture fixture(code + "\nreturn { default = function() end }",
                            {.folder = folder / "tests"});
      fixture.vu();
      return "";
    } catch (const std::exception& error) {
      std::string text = error.what();
      text = text.substr(0, text.find('\n'));
      const std::string here = folder / "";
      for (size_t at = text.find(here); at != std::string::npos; at = text.find(here))
        text.erase(at, here.size());
      return text;
    }
  }

  ScratchFolder folder;
};

}  // namespace

TEST_CASE("a module that is named by ./ or ../ lies beside the file that calls") {
  const Project project;
  CHECK(project.error_of("assert(require '../lib/helper'.name == 'helper')") == "");
  project.write("tests/data/init.lua", "return require '../../lib/helper'");
  CHECK(project.error_of("assert(require './data'.name == 'helper')") == "");
  project.write("lib/init.lua", "return require './names'");
  CHECK(project.error_of("assert(require '../lib'.first == 'helper')") == "");
  project.write("lib/deep/inner.lua", "return require '..'");
  CHECK(project.error_of("assert(require '../lib/deep/inner'.first == 'helper')") == "");
  CHECK(project.error_of("assert(require '../lib.deep.inner'.first == 'helper')") == "");
}

TEST_CASE("a file that calls by a tail call is the one that calls all the same") {
  const Project project;
  project.write("lib/front.lua", "return require './names'");
  project.write("tests/names.lua", "return { first = 'not this one' }");
  CHECK(project.error_of("assert(require '../lib/front'.first == 'helper')") == "");
}

TEST_CASE("a function's file is where it was written, whoever calls it") {
  const Project project;
  project.write("lib/load.lua", "return function(name) local m = require(name) return m end");
  CHECK(project.error_of("assert(require '../lib/load'('./names').first == 'helper')") == "");
}

TEST_CASE("a module is one and the same however it is named") {
  const Project project;
  project.write("tests/a.lua", "return {}");
  project.write("tests/b.lua", "return require './a'");
  CHECK(project.error_of("assert(require './a' == require 'a' and require 'b' == require './a' and "
                         "require '../tests/a' == require './../tests/./a')") == "");
}

TEST_CASE("modules that require each other by relative names are found out") {
  const Project project;
  project.write("lib/one.lua", "return require './two'");
  project.write("lib/two.lua", "return require '../lib/one'");
  CHECK(project.error_of("require '../lib/one'")
            .ends_with("require: module \"../lib/one\" requires itself on the way"));
}

TEST_CASE("a running script may require again what lies beside its file") {
  const Project project;
  ScriptFixture fixture(
      "local h = require '../lib/helper'\n"
      "return { default = function() assert(require '../lib/helper' == h) end }",
      {.folder = project.folder / "tests"});
  CHECK(fixture.iterate() == IterationResult::kCompleted);
}

TEST_CASE("every place is named at which a module was looked for") {
  const Project project;
  CHECK(project.error_of("require '../lib/helpr'") ==
        "script.lua:1: require: there is no module \"../lib/helpr\"; looked for lib/helpr.lua, "
        "lib/helpr/init.lua");
  project.write("lib/broken.lua", "local x = require './nothing' return x");
  CHECK(project.error_of("require '../lib/broken'") ==
        "lib/broken.lua:1: require: there is no module \"./nothing\"; looked for lib/nothing.lua, "
        "lib/nothing/init.lua");
  CHECK(
      project.error_of("require 'helper'")
          .starts_with(
              "script.lua:1: require: there is no module \"helper\"; looked for tests/helper.lua, "
              "tests/helper/init.lua, helper.lua, helper/init.lua"));
}

TEST_CASE("endings are left out") {
  const Project project;
  CHECK(project.error_of("require '../lib/helper.lua'")
            .ends_with("; leave out \".lua\": require \"../lib/helper\""));
  CHECK(project.error_of("require 'helper.lua'")
            .ends_with("; leave out \".lua\": require \"helper\""));
  CHECK(project.error_of("require '../lib/helper.js'")
            .ends_with("; modules are Lua files here, leave out \".js\": require "
                       "\"../lib/helper\""));
}

TEST_CASE("a plain name that is meant to be relative is answered with the relative one") {
  const Project project;
  project.write("lib/plain.lua", "local names = require 'names' return names");
  CHECK(project.error_of("require '../lib/plain'")
            .ends_with("; what lies beside the file that calls is \"./names\""));
}

TEST_CASE("an error with what a module without a result gave says so") {
  const Project project;
  project.write("lib/silent.lua", "local M = {} function M.name() end");
  CHECK(project.error_of("local s = require '../lib/silent' s.name()") ==
        "script.lua:1: attempt to index local 's' (a boolean value); lib/silent.lua returned "
        "nothing, so what require gave is true: end it with \"return M\"");
  CHECK(project.error_of("require '../lib/silent' local s = true s.name()")
            .find("returned nothing") != std::string::npos);
  CHECK(project.error_of("local s = true s.name()") ==
        "script.lua:1: attempt to index local 's' (a boolean value)");
  CHECK(project.error_of("require '../lib/silent' local s = nil s.name()") ==
        "script.lua:1: attempt to index local 's' (a nil value)");
}

TEST_CASE("open and perigee.data look beside the file that calls, then beside the script") {
  const Project project;
  project.write("lib/users.csv", "name\nlib\n");
  project.write("tests/users.csv", "name\ntests\n");
  project.write("tests/only.txt", "beside the script");
  project.write("lib/read.lua", R"lua(
local data = require "perigee.data"
return { text = open("users.csv"), up = open("../tests/users.csv"), only = open("only.txt"),
         rows = data.csv("users.csv", { asObjects = true }), lines = data.lines("users.csv") }
)lua");
  CHECK(project.error_of(R"lua(
local read = require "../lib/read"
assert(read.text == "name\nlib\n" and read.up == "name\ntests\n" and read.only:find("beside"))
assert(read.rows[1].name == "lib" and read.lines[2] == "lib")
assert(open("users.csv") == "name\ntests\n")
)lua") == "");
}

TEST_CASE("every place is named at which a file was looked for") {
  const Project project;
  project.write("lib/read.lua", "local text = open('nothing.txt') return text");
  CHECK(project.error_of("require '../lib/read'") ==
        "lib/read.lua:1: cannot read nothing.txt: No such file or directory; looked for "
        "lib/nothing.txt, tests/nothing.txt, nothing.txt");
  CHECK(project.error_of("open('nothing.txt')") ==
        "script.lua:1: cannot read nothing.txt: No such file or directory; looked for "
        "tests/nothing.txt, nothing.txt");
  CHECK(project.error_of("open('/nowhere/nothing.txt')") ==
        "script.lua:1: cannot read /nowhere/nothing.txt: No such file or directory");
}

}  // namespace perigee
